package io.diskwright.cli;

import io.diskwright.validate.Catalogue;
import io.diskwright.validate.CatalogueEntry;
import io.diskwright.validate.Profile;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** {@code diskwright rules}. */
@Command(name = "rules", description = "Lists the rules images are judged by, or explains one.")
final class RulesCommand implements Callable<Integer> {

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(arity = "0..1", paramLabel = "ID", description = "The rule to explain.")
  private @Nullable String id;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Catalogue catalogue = Catalogue.load();
    if (id != null) {
      CatalogueEntry entry =
          catalogue
              .find(id)
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "there is no rule '" + id + "'; 'diskwright rules' lists them"));
      if (json) {
        Json.print(out, generator -> write(entry, generator));
      } else {
        explain(entry, out);
      }
    } else if (json) {
      Json.print(
          out,
          generator -> {
            generator.writeStartArray();
            catalogue.entries().forEach(entry -> write(entry, generator));
            generator.writeEndArray();
          });
    } else {
      catalogue.entries().forEach(entry -> out.printf("%-42s %s%n", entry.id(), entry.what()));
    }
    return ExitCode.OK;
  }

  private static void explain(CatalogueEntry entry, PrintWriter out) {
    out.println(entry.id());
    fields(entry).forEach((name, value) -> out.printf("  %-12s %s%n", name, value));
    out.println("  severity");
    severities(entry)
        .forEach((profile, severity) -> out.printf("    %-16s %s%n", profile, severity));
  }

  private static void write(CatalogueEntry entry, JsonGenerator json) {
    json.writeStartObject();
    json.writeStringProperty("id", entry.id());
    fields(entry).forEach((name, value) -> json.writeStringProperty(camelCase(name), value));
    json.writeNumberProperty("tier", entry.tier());
    json.writeName("severity");
    json.writeStartObject();
    severities(entry).forEach(json::writeStringProperty);
    json.writeEndObject();
    json.writeEndObject();
  }

  /** The rule's severity in each profile, the default profile first. */
  private static Map<String, String> severities(CatalogueEntry entry) {
    var severities = new LinkedHashMap<String, String>();
    for (String profile : Profile.names()) {
      severities.put(profile, entry.severity().getOrDefault(profile, "off"));
    }
    return severities;
  }

  private static String camelCase(String name) {
    int blank = name.indexOf(' ');
    return blank < 0
        ? name
        : name.substring(0, blank)
            + Character.toUpperCase(name.charAt(blank + 1))
            + name.substring(blank + 2);
  }

  /** What there is to say of a rule, in reading order; what there is not is left out. */
  private static Map<String, String> fields(CatalogueEntry entry) {
    var fields = new LinkedHashMap<String, String>();
    fields.put("what", entry.what());
    fields.put("why", entry.why());
    fields.put("how", entry.how());
    fields.put("applies to", entry.appliesTo());
    fields.put("unknown when", entry.cannotTell());
    fields.put("action", entry.action());
    fields.values().removeIf(String::isEmpty);
    return fields;
  }
}
