package io.diskwright.cli;

import io.diskwright.convert.ConversionResult;
import io.diskwright.convert.Sizes;
import io.diskwright.disk.Anomaly;
import io.diskwright.disk.ImageInfo.ExternalFile;
import io.diskwright.io.Fault;
import io.diskwright.report.JsonReport;
import io.diskwright.report.TextReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine;

/** What {@code convert} prints at its end. */
final class ConversionReport {

  private static final double NANOS = 1e9;

  private ConversionReport() {}

  static void text(ConversionResult result, PrintWriter out, CommandLine command)
      throws IOException {
    out.printf(
        Locale.ROOT,
        "%s: %s, virtual size %s, %s of data written in %.1f s%n",
        Fault.printable(result.target().toString()),
        result.format().title(),
        Sizes.exact(result.virtualSize()),
        Sizes.human(result.bytesWritten()),
        result.elapsed().toNanos() / NANOS);
    for (ExternalFile file : result.sourceInfo().externalFiles()) {
      out.println("  also read: " + Fault.printable(file.role() + " " + file.path()));
    }
    for (Anomaly anomaly : result.sourceInfo().anomalies()) {
      out.println("  source: " + InfoReport.describe(anomaly));
    }
    if (result.resumedAt() > 0) {
      out.println("  resumed at " + Sizes.exact(result.resumedAt()) + " of the disk");
    }
    result.contentDigest().ifPresent(digest -> out.println("  content digest " + digest));
    result.actions().forEach(action -> out.println("  " + action));
    if (result.validation().isPresent()) {
      new TextReport(Colour.of(command), false).write(result.validation().get(), out);
    }
  }

  static void json(ConversionResult result, PrintWriter out) {
    Json.print(
        out,
        json -> {
          json.writeStartObject();
          json.writeStringProperty("source", result.source().toString());
          json.writeStringProperty("target", result.target().toString());
          json.writeStringProperty("format", result.format().label());
          json.writeNumberProperty("virtualSize", result.virtualSize());
          json.writeNumberProperty("fileSize", result.fileSize());
          json.writeNumberProperty("bytesRead", result.bytesRead());
          json.writeNumberProperty("bytesWritten", result.bytesWritten());
          if (result.resumedAt() > 0) {
            json.writeNumberProperty("resumedAt", result.resumedAt());
          }
          result.contentDigest().ifPresent(d -> json.writeStringProperty("contentDigest", d));
          json.writeNumberProperty("seconds", result.elapsed().toNanos() / NANOS);
          json.writeName("actions");
          json.writeStartArray();
          result.actions().forEach(json::writeString);
          json.writeEndArray();
          InfoReport.wrappers(result.sourceInfo(), json);
          InfoReport.externalFiles(result.sourceInfo(), json);
          result
              .validation()
              .ifPresent(validation -> {
                json.writeName("validation");
                JsonReport.write(validation, json);
              });
          json.writeEndObject();
        });
  }
}
