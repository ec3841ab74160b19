package io.diskwright.validate.rule;

import io.diskwright.guest.GuestFamily;
import io.diskwright.guest.os.Architecture;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.io.ImageException;
import io.diskwright.validate.SystemList;
import io.diskwright.validate.linux.SystemRules;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What to enter in the import dialog; what is not proven is left out. */
public final class ImportParameters {

  private ImportParameters() {}

  /** The parameters in the dialog's order. */
  public static Map<String, Object> of(Facts facts) throws IOException {
    var parameters = new LinkedHashMap<String, Object>();
    String format = facts.info().format();
    if (facts.profile().accepts(format, facts.info().subformat()).isPresent()) {
      parameters.put("Format", format.toUpperCase(Locale.ROOT));
    }
    parameters.put("DiskImageSize", DiskSizeRules.importGib(facts));
    try {
      GuestFamily guest = facts.family();
      if (guest == GuestFamily.LINUX || guest == GuestFamily.WINDOWS) {
        parameters.put("OSType", guest.name().toLowerCase(Locale.ROOT));
      } else if (guest == GuestFamily.BSD) {
        // The importer knows Linux and Windows; FreeBSD is one of the platforms of the former.
        parameters.put("OSType", "linux");
      }
      Optional<OperatingSystem> os = facts.guest().os();
      if (guest != GuestFamily.UNKNOWN && guest != GuestFamily.WINDOWS) {
        platform(facts).ifPresent(platform -> parameters.put("Platform", platform));
      }
      os.flatMap(OperatingSystem::architecture)
          .ifPresent(architecture -> parameters.put("Architecture", word(architecture)));
      String mode = BootRules.modes(facts);
      if (!mode.isEmpty()) {
        parameters.put("BootMode", mode);
      }
    } catch (ImageException e) {
      // The rules report what cannot be read; here it only leaves the parameters out.
      return parameters;
    }
    return parameters;
  }

  /** A system that is not standard is imported as something else than what it is. */
  private static Optional<String> platform(Facts facts) throws IOException {
    return switch (facts.outcome("linux.config.os-standard").status()) {
      case PASS -> SystemRules.listed(facts).map(SystemList.Entry::platform);
      case FAIL ->
          facts.profile().guest().systems().startsWith("alibaba")
              ? Optional.of("Others Linux")
              : SystemRules.listed(facts).map(SystemList.Entry::platform);
      case UNKNOWN, NOT_APPLICABLE -> Optional.empty();
    };
  }

  /** As the importers' interfaces call it. */
  private static String word(Architecture architecture) {
    return architecture == Architecture.AARCH64 ? "arm64" : architecture.id();
  }
}
