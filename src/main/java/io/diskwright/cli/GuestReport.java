package io.diskwright.cli;

import io.diskwright.convert.Sizes;
import io.diskwright.filesystem.FileTree;
import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.guest.Guest;
import io.diskwright.guest.GuestVolume;
import io.diskwright.guest.Mount;
import io.diskwright.guest.os.Kernel;
import io.diskwright.guest.os.OperatingSystem;
import io.diskwright.guest.os.Unknown;
import io.diskwright.guest.os.WindowsFacts;
import io.diskwright.io.ImageException;
import io.diskwright.volume.VolumeContent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/**
 * What {@code info} shows of the volumes and the guest in them.
 *
 * @param volumes with what their filesystems say of themselves
 * @param damaged whether a check found something
 */
record GuestReport(
    List<VolumeReport> volumes,
    List<Mount> mounts,
    Optional<OperatingSystem> os,
    List<Unknown> unknowns,
    boolean damaged) {

  /** So many problems of a filesystem are shown; the count tells the rest. */
  private static final int MAX_SHOWN = 20;

  /**
   * A volume.
   *
   * @param facts empty when its filesystem is not read, or does not tell
   * @param problems what contradicts, at most {@link #MAX_SHOWN}
   * @param found how many problems there are
   * @param checked whether all structures were walked
   */
  record VolumeReport(
      GuestVolume volume,
      Optional<FilesystemFacts> facts,
      List<Problem> problems,
      long found,
      boolean checked) {}

  /**
   * @param deep whether to walk all structures of the filesystems
   */
  static GuestReport of(Guest guest, boolean deep) throws IOException {
    List<VolumeReport> volumes = new ArrayList<>();
    for (GuestVolume volume : guest.volumes()) {
      volumes.add(volume(volume, deep));
    }
    return new GuestReport(
        volumes,
        guest.mounts().mounts(),
        guest.os(),
        guest.unknowns(),
        volumes.stream().anyMatch(v -> v.found > 0));
  }

  private static VolumeReport volume(GuestVolume volume, boolean deep) throws IOException {
    if (volume.tree().isEmpty()) {
      return new VolumeReport(volume, Optional.empty(), List.of(), 0, false);
    }
    FileTree tree = volume.tree().get();
    List<Problem> shown = new ArrayList<>();
    long[] found = {0};
    try {
      FilesystemFacts facts = tree.facts();
      if (deep) {
        tree.check(problem -> {
          found[0]++;
          if (shown.size() < MAX_SHOWN) {
            shown.add(problem);
          }
        });
      } else {
        shown.addAll(facts.problems());
        found[0] = shown.size();
      }
      return new VolumeReport(volume, Optional.of(facts), shown, found[0], deep);
    } catch (ImageException e) {
      return new VolumeReport(volume, Optional.empty(), List.of(Problem.of(e)), 1, deep);
    }
  }

  void text(InfoReport.Lines out) {
    for (VolumeReport report : volumes) {
      out.line(report.volume.name(), text(report.volume));
      report.facts.ifPresent(
          facts -> out.line("", text(facts, report.checked && report.found == 0)));
      report.volume.refusal().ifPresent(refused -> out.line("", refused.fault().message()));
      for (Problem problem : report.problems) {
        out.line("", "problem: " + text(problem));
      }
      if (report.found > report.problems.size()) {
        out.line("", "and " + (report.found - report.problems.size()) + " more problems");
      }
    }
    for (Mount mount : mounts) {
      String from = mount.volume().map(GuestVolume::name).orElse(mount.entry().spec());
      String why = mount.shown() ? "" : ", not shown: " + mount.reason();
      out.line("mount", mount.entry().file() + " is " + from + why);
    }
    os.ifPresent(system -> out.line("guest", system.summary()));
    for (Unknown unknown : unknowns) {
      out.line("unknown", unknown.what() + ": " + unknown.reason());
    }
  }

  private static String text(GuestVolume volume) {
    var text = new StringBuilder(Sizes.human(volume.length()));
    volume
        .partition()
        .ifPresent(p -> {
          text.append(" at ").append(p.start()).append(", type ").append(p.type());
          if (p.active()) {
            text.append(", active");
          }
        });
    text.append(", ").append(volume.type().isEmpty() ? "unknown content" : volume.type());
    text.append(volume.label().isEmpty() ? "" : " '" + volume.label() + "'");
    String uuid = volume.content().map(VolumeContent::uuid).orElse("");
    return text.append(uuid.isEmpty() ? "" : " " + uuid).toString();
  }

  private static String text(FilesystemFacts facts, boolean sound) {
    var text = new StringBuilder(facts.clean() ? "clean" : "not cleanly unmounted");
    if (facts.errors()) {
      text.append(", errors recorded");
    }
    if (facts.recovery() == Recovery.REPLAYED) {
      text.append(", journal replayed in memory");
    } else if (facts.recovery() == Recovery.NEEDED) {
      text.append(", journal not replayed");
    }
    if (facts.orphans() > 0) {
      text.append(", ").append(facts.orphans()).append(" orphans");
    }
    text.append(", ").append(Sizes.human(free(facts))).append(" free");
    String hibernation = facts.details().getOrDefault("hibernation", "");
    if (hibernation.equals("hibernated")) {
      text.append(", hibernated");
    }
    return text.append(sound ? ", sound" : "").toString();
  }

  private static long free(FilesystemFacts facts) {
    return Math.min(facts.freeBlocks(), Long.MAX_VALUE / facts.blockSize()) * facts.blockSize();
  }

  private static String text(Problem problem) {
    String place =
        problem.offset() < 0 ? "" : String.format(Locale.ROOT, " at 0x%x", problem.offset());
    return problem.structure()
        + place
        + ": "
        + problem.found()
        + "; expected "
        + problem.expected();
  }

  /** What a partition's filesystem adds to its JSON object. */
  void integrity(GuestVolume volume, JsonGenerator json) {
    for (VolumeReport report : volumes) {
      if (report.volume == volume) {
        report.facts.ifPresent(facts -> facts(facts, json));
        if (report.checked || !report.problems.isEmpty()) {
          json.writeNumberProperty("problemCount", report.found);
          json.writeName("problems");
          json.writeStartArray();
          report.problems.forEach(problem -> json.writeString(text(problem)));
          json.writeEndArray();
        }
        volume
            .refusal()
            .ifPresent(refused -> json.writeStringProperty("refused", refused.fault().message()));
      }
    }
  }

  private static void facts(FilesystemFacts facts, JsonGenerator json) {
    json.writeBooleanProperty("clean", facts.clean());
    json.writeBooleanProperty("errors", facts.errors());
    json.writeStringProperty(
        "recovery", facts.recovery().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.writeNumberProperty("blockSize", facts.blockSize());
    json.writeNumberProperty("filesystemSize", facts.size());
    json.writeNumberProperty("freeBytes", free(facts));
    facts.inodes().ifPresent(inodes -> json.writeNumberProperty("inodes", inodes));
    facts.freeInodes().ifPresent(free -> json.writeNumberProperty("freeInodes", free));
    json.writeNumberProperty("orphans", facts.orphans());
    json.writeName("features");
    json.writeStartArray();
    facts.features().forEach(json::writeString);
    json.writeEndArray();
    json.writeName("facts");
    json.writeStartObject();
    for (Map.Entry<String, String> detail : facts.details().entrySet()) {
      json.writeStringProperty(detail.getKey(), detail.getValue());
    }
    json.writeEndObject();
  }

  /** The property {@code guest}; absent when no operating system was found. */
  void guest(JsonGenerator json) {
    if (os.isEmpty()) {
      return;
    }
    OperatingSystem system = os.get();
    json.writeName("guest");
    json.writeStartObject();
    json.writeStringProperty("os", system.family().id());
    system.distribution().ifPresent(id -> json.writeStringProperty("distribution", id));
    system.version().ifPresent(version -> json.writeStringProperty("version", version));
    system.name().ifPresent(name -> json.writeStringProperty("name", name));
    system.architecture().ifPresent(a -> json.writeStringProperty("architecture", a.id()));
    system.defaultKernel().ifPresent(k -> json.writeStringProperty("kernel", k.version()));
    if (!system.kernels().isEmpty()) {
      json.writeName("kernels");
      json.writeStartArray();
      system.kernels().stream().map(Kernel::version).forEach(json::writeString);
      json.writeEndArray();
    }
    system.init().ifPresent(init -> json.writeStringProperty("init", init.id()));
    system.windows().ifPresent(windows -> windows(windows, json));
    mounts(json);
    json.writeName("unknown");
    json.writeStartArray();
    unknowns.forEach(unknown -> json.writeString(unknown.what() + ": " + unknown.reason()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void windows(WindowsFacts windows, JsonGenerator json) {
    windows.product().ifPresent(product -> json.writeStringProperty("product", product));
    windows.edition().ifPresent(edition -> json.writeStringProperty("edition", edition));
    windows.build().ifPresent(build -> json.writeNumberProperty("build", build));
    windows.displayVersion().ifPresent(shown -> json.writeStringProperty("displayVersion", shown));
    windows.servicePack().ifPresent(pack -> json.writeStringProperty("servicePack", pack));
  }

  private void mounts(JsonGenerator json) {
    json.writeName("mounts");
    json.writeStartArray();
    for (Mount mount : mounts) {
      json.writeStartObject();
      json.writeStringProperty("path", mount.entry().file());
      json.writeStringProperty("spec", mount.entry().spec());
      mount.volume().ifPresent(volume -> json.writeStringProperty("volume", volume.name()));
      json.writeBooleanProperty("shown", mount.shown());
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
