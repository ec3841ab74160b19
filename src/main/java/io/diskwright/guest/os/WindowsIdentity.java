package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Puts together what a Windows guest is, from its registry. */
final class WindowsIdentity {

  private static final String CURRENT = "Microsoft\\Windows NT\\CurrentVersion";

  private final GuestReader reader;
  private final String systemRoot;
  private final Registry software;
  private final Registry system;
  private final OptionalInt controlSet;

  private WindowsIdentity(GuestReader reader, String systemRoot, Registry software, Registry system)
      throws IOException {
    this.reader = reader;
    this.systemRoot = systemRoot;
    this.software = software;
    this.system = system;
    this.controlSet = controlSet();
  }

  /**
   * Identifies it.
   *
   * @param systemRoot the path of its directory, without a slash first
   * @param software the hive SOFTWARE; one without values when it cannot be read
   * @param system the hive SYSTEM; one without values when it cannot be read
   */
  static OperatingSystem of(
      GuestReader reader, String systemRoot, Registry software, Registry system)
      throws IOException {
    return new WindowsIdentity(reader, systemRoot, software, system).find();
  }

  private OperatingSystem find() throws IOException {
    WindowsFacts facts = facts();
    Optional<String> version = version(facts);
    if (version.isEmpty()) {
      reader.unknown("version", "no CurrentVersion and CurrentBuildNumber in the hive SOFTWARE");
    }
    return new OperatingSystem(
        OsFamily.WINDOWS,
        Optional.of("windows"),
        List.of(),
        version,
        name(facts),
        architecture(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(facts),
        reader.evidence(),
        reader.unknowns());
  }

  private WindowsFacts facts() throws IOException {
    OptionalLong major = software.number(CURRENT, "CurrentMajorVersionNumber");
    OptionalLong minor = software.number(CURRENT, "CurrentMinorVersionNumber");
    String[] old = current("CurrentVersion").orElse("").split("\\.", 2);
    OptionalInt majorNumber = major.isPresent() ? small(major.getAsLong()) : number(old[0]);
    OptionalInt minorNumber =
        major.isPresent() ? small(minor.orElse(0)) : number(old.length > 1 ? old[1] : "");
    OptionalInt build = number(current("CurrentBuildNumber").orElse(""));
    Optional<String> productName = current("ProductName");
    Optional<String> display = current("DisplayVersion");
    if (display.isEmpty()) {
      display = current("ReleaseId");
    }
    Optional<String> installation = current("InstallationType");
    Optional<String> productType = productOption("ProductType");
    productName.ifPresent(n -> reader.found("product", "SOFTWARE\\" + CURRENT, "ProductName=" + n));
    Optional<Boolean> server = isServer(productType, installation);
    Optional<String> product = Optional.empty();
    if (server.isPresent() && majorNumber.isPresent() && minorNumber.isPresent()) {
      product =
          Optional.of(
              WindowsProduct.of(
                  majorNumber.getAsInt(),
                  minorNumber.getAsInt(),
                  build.orElse(0),
                  server.get(),
                  productName.orElse(""),
                  display.orElse("")));
    }
    Optional<String> edition = current("EditionID");
    if (edition.isEmpty() && majorNumber.orElse(6) < 6) {
      edition = suiteEdition(productType.orElse(""));
    }
    return new WindowsFacts(
        GuestReader.absolute(systemRoot),
        product,
        productName,
        edition,
        majorNumber,
        minorNumber,
        build,
        software.number(CURRENT, "UBR"),
        display,
        installation,
        productType,
        current("CSDVersion"),
        controlSet);
  }

  /** ProductType decides; InstallationType speaks when the hive SYSTEM does not. */
  private Optional<Boolean> isServer(Optional<String> productType, Optional<String> installation) {
    if (productType.isPresent()) {
      reader.found("product", productOptions(), "ProductType=" + productType.get());
      return Optional.of(!productType.get().equalsIgnoreCase("WinNT"));
    }
    if (installation.isPresent()) {
      reader.found("product", "SOFTWARE\\" + CURRENT, "InstallationType=" + installation.get());
      return Optional.of(!installation.get().equalsIgnoreCase("Client"));
    }
    reader.unknown(
        "product", "neither ProductType nor InstallationType says whether it is a server");
    return Optional.empty();
  }

  /** Editions before they had an EditionID. */
  private Optional<String> suiteEdition(String productType) throws IOException {
    if (controlSet.isEmpty()) {
      return Optional.empty();
    }
    List<String> suites =
        system.texts(controlSetKey() + "\\Control\\ProductOptions", "ProductSuite").stream()
            .map(suite -> suite.toLowerCase(Locale.ROOT))
            .toList();
    if (productType.equalsIgnoreCase("WinNT")) {
      return Optional.of(suites.contains("personal") ? "Home" : "Professional");
    }
    if (suites.contains("datacenter")) {
      return Optional.of("Datacenter");
    }
    if (suites.contains("enterprise")) {
      return Optional.of("Enterprise");
    }
    return Optional.of(suites.contains("blade") ? "Web" : "Standard");
  }

  private static Optional<String> version(WindowsFacts facts) {
    if (facts.major().isEmpty() || facts.minor().isEmpty() || facts.build().isEmpty()) {
      return Optional.empty();
    }
    String kernel =
        facts.major().getAsInt() + "." + facts.minor().getAsInt() + "." + facts.build().getAsInt();
    OptionalLong revision = facts.revision();
    return Optional.of(revision.isPresent() ? kernel + "." + revision.getAsLong() : kernel);
  }

  private static Optional<String> name(WindowsFacts facts) {
    Optional<String> product = facts.product();
    if (product.equals(Optional.of("Windows 11"))) {
      return facts.productName().map(n -> n.replace("Windows 10", "Windows 11")).or(() -> product);
    }
    return facts.productName().or(() -> product);
  }

  private Optional<Architecture> architecture() throws IOException {
    String fact = "architecture";
    String key = controlSetKey() + "\\Control\\Session Manager\\Environment";
    Optional<String> named =
        controlSet.isEmpty() ? Optional.empty() : system.text(key, "PROCESSOR_ARCHITECTURE");
    if (named.flatMap(Architecture::ofWindows).isPresent()) {
      reader.found(fact, "SYSTEM\\" + key, "PROCESSOR_ARCHITECTURE=" + named.get());
      return Architecture.ofWindows(named.get());
    }
    Optional<String> kernel =
        CaseInsensitive.resolve(reader, systemRoot + "/System32/ntoskrnl.exe");
    if (kernel.isPresent()) {
      Optional<ByteView> head = reader.head(kernel.get(), PeHeader.HEAD);
      Optional<PeHeader> pe = head.isEmpty() ? Optional.empty() : PeHeader.parse(head.get());
      if (pe.flatMap(PeHeader::architecture).isPresent()) {
        reader.found(fact, kernel.get(), "PE machine " + Integer.toHexString(pe.get().machine()));
        return pe.get().architecture();
      }
    }
    reader.unknown(fact, "neither the hive SYSTEM nor ntoskrnl.exe tells it");
    return Optional.empty();
  }

  private Optional<String> current(String name) throws IOException {
    return software.text(CURRENT, name).map(GuestReader::clean).filter(value -> !value.isEmpty());
  }

  private Optional<String> productOption(String name) throws IOException {
    return controlSet.isEmpty()
        ? Optional.empty()
        : system
            .text(controlSetKey() + "\\Control\\ProductOptions", name)
            .map(GuestReader::clean)
            .filter(value -> !value.isEmpty());
  }

  private String productOptions() {
    return "SYSTEM\\" + controlSetKey() + "\\Control\\ProductOptions";
  }

  private OptionalInt controlSet() throws IOException {
    OptionalLong current = system.number("Select", "Current");
    return current.isEmpty() ? OptionalInt.empty() : small(current.getAsLong());
  }

  private String controlSetKey() {
    return String.format(Locale.ROOT, "ControlSet%03d", controlSet.orElse(0));
  }

  private static OptionalInt small(long value) {
    return value >= 0 && value <= 1_000_000 ? OptionalInt.of((int) value) : OptionalInt.empty();
  }

  private static OptionalInt number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }
}
