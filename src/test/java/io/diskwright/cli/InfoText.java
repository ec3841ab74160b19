package io.diskwright.cli;

import io.diskwright.disk.DiskImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** What {@code diskwright info} prints of an image, for tests of other packages. */
public final class InfoText {

  private InfoText() {}

  /** Both ways of printing it, one after the other. */
  public static String of(Path image, DiskImage disk) throws IOException {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    InfoReport report = InfoReport.of(image, disk, false);
    report.text(out);
    report.json(out);
    return text.toString();
  }
}
