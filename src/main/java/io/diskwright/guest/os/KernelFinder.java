package io.diskwright.guest.os;

import io.diskwright.io.ByteView;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the kernels of a Linux guest: images in /boot, and directories of modules. */
final class KernelFinder {

  private static final List<String> IMAGE_NAMES =
      List.of("vmlinuz", "vmlinux", "bzImage", "kernel-", "Image-", "image-");

  private static final List<String> MODULES = List.of("lib/modules", "usr/lib/modules");

  private static final Comparator<Kernel> NEWEST_FIRST =
      Comparator.comparing(Kernel::version, VersionOrder.INSTANCE)
          .reversed()
          .thenComparing(kernel -> kernel.image().orElse(""), VersionOrder.INSTANCE);

  private final GuestReader reader;

  KernelFinder(GuestReader reader) {
    this.reader = reader;
  }

  /** The kernels, the newest first; rescue images are left out. */
  List<Kernel> find() throws IOException {
    String modulesRoot = "";
    List<String> modules = List.of();
    for (String directory : MODULES) {
      if (modules.isEmpty()) {
        modulesRoot = "/" + directory + "/";
        modules = reader.names(directory, KernelFinder::isVersion);
      }
    }
    List<Kernel> kernels = new ArrayList<>();
    Set<String> withImage = new HashSet<>();
    for (String name : bounded(reader.names("boot", KernelFinder::isImage))) {
      if (isDuplicate(name)) {
        continue;
      }
      Kernel kernel = image("boot/" + name, version(name), modulesRoot, modules);
      kernels.add(kernel);
      withImage.add(kernel.version());
    }
    for (String version : bounded(modules)) {
      if (withImage.add(version)) {
        kernels.add(modulesOnly(version, modulesRoot));
      }
    }
    kernels.sort(NEWEST_FIRST);
    return kernels;
  }

  private static List<String> bounded(List<String> names) {
    return names.size() <= Limits.KERNELS ? names : names.subList(0, Limits.KERNELS);
  }

  private Kernel image(String path, String named, String modulesRoot, List<String> modules)
      throws IOException {
    Optional<ByteView> head = reader.head(path, LinuxImage.HEAD);
    var image = head.isEmpty() ? new LinuxImage(Optional.empty(), 0) : LinuxImage.parse(head.get());
    String told = image.versionOffset() == 0 ? "" : versionText(path, image.versionOffset());
    String version = told.isEmpty() ? named : told;
    Optional<Architecture> architecture =
        image.architecture().or(() -> Architecture.ofVersion(version));
    return new Kernel(
        version,
        Optional.of("/" + path),
        modules.contains(version) ? Optional.of(modulesRoot + version) : Optional.empty(),
        architecture);
  }

  /** Image-based systems keep the image beside the modules. */
  private Kernel modulesOnly(String version, String modulesRoot) throws IOException {
    String path = modulesRoot + version + "/vmlinuz";
    if (reader.isFile(path)) {
      return image(path.substring(1), version, modulesRoot, List.of(version));
    }
    return new Kernel(
        version,
        Optional.empty(),
        Optional.of(modulesRoot + version),
        Architecture.ofVersion(version));
  }

  /** The header's text is {@code version (who@where) #number}. */
  private String versionText(String path, int offset) throws IOException {
    Optional<ByteView> view = reader.bytes(path, offset, LinuxImage.VERSION);
    if (view.isEmpty()) {
      return "";
    }
    String text = view.get().text(0, view.get().length(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf(' ');
    String version = end < 0 ? text : text.substring(0, end);
    return isVersion(version) ? GuestReader.clean(version) : "";
  }

  private static boolean isImage(String name) {
    return IMAGE_NAMES.stream().anyMatch(name::startsWith);
  }

  /** Copies and checksums of an image, and images that only serve a rescue. */
  private static boolean isDuplicate(String name) {
    return name.contains("-rescue")
        || name.endsWith(".hmac")
        || name.endsWith(".sig")
        || name.endsWith(".sha256")
        || (name.startsWith("vmlinux-") && name.endsWith(".gz"))
        || name.equals("vmlinuz")
        || name.equals("vmlinuz.old")
        || name.equals("vmlinux");
  }

  private static boolean isVersion(String name) {
    return !name.isEmpty() && name.charAt(0) >= '0' && name.charAt(0) <= '9';
  }

  /** The version in the name of an image. */
  static String version(String name) {
    int dash = name.indexOf('-');
    return GuestReader.clean(dash < 0 ? name : name.substring(dash + 1));
  }
}
