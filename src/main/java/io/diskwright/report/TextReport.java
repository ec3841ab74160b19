package io.diskwright.report;

public final class TextReport {
  public TextReport(boolean c, boolean v) {}

  public void write(io.diskwright.validate.Validation v, Appendable out)
      throws java.io.IOException {
    out.append("");
  }
}
