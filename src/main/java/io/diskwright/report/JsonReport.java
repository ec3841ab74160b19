package io.diskwright.report;

public final class JsonReport {
  public static void write(
      io.diskwright.validate.Validation v, tools.jackson.core.JsonGenerator g) {
    g.writeNull();
  }

  public static void write(
      java.util.List<io.diskwright.validate.Validation> v, tools.jackson.core.JsonGenerator g) {
    g.writeNull();
  }
}
