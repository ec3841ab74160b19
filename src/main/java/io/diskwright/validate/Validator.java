package io.diskwright.validate;

public final class Validator {
  public Validator(Profile p) {}

  public Validation validate(java.nio.file.Path f, io.diskwright.disk.DiskImage d)
      throws java.io.IOException {
    return new Validation("", "", "", 0, "", java.util.List.of(), java.util.Map.of());
  }

  public Validation refused(java.nio.file.Path f, io.diskwright.io.ImageException d) {
    return new Validation("", "", "", 0, "", java.util.List.of(), java.util.Map.of());
  }
}
