package io.diskwright.guest.kernel;

/** Modules are called the same with - and with _. */
final class ModuleName {

  private ModuleName() {}

  /** The name of a module without its directory and {@code .ko.xz}. */
  static String of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    int end = name.indexOf(".ko");
    return (end < 0 ? name : name.substring(0, end)).replace('-', '_');
  }
}
