package io.diskwright.cli;

import io.diskwright.convert.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/** One JSON object a line, for programs. */
final class JsonProgress implements ProgressDisplay {

  private final String name;
  private final PrintWriter err;

  JsonProgress(String name, PrintWriter err) {
    this.name = name;
    this.err = err;
  }

  @Override
  public void accept(Progress progress) {
    err.println(
        Json.line(json -> {
          json.writeStringProperty("image", name);
          json.writeStringProperty("phase", progress.phase().name().toLowerCase(Locale.ROOT));
          json.writeNumberProperty("doneBytes", progress.doneBytes());
          json.writeNumberProperty("totalBytes", progress.totalBytes());
        }));
  }

  @Override
  public void close() {}
}
