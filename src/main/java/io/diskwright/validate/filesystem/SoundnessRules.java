package io.diskwright.validate.filesystem;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Problem;
import io.diskwright.filesystem.Recovery;
import io.diskwright.guest.GuestVolume;
import io.diskwright.io.ImageException;
import io.diskwright.validate.Evidence;
import io.diskwright.validate.Severity;
import io.diskwright.validate.filesystem.GuestFilesystems.Seen;
import io.diskwright.validate.filesystem.GuestFilesystems.Sound;
import io.diskwright.validate.rule.Facts;
import io.diskwright.validate.rule.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Whether filesystems contradict themselves. */
final class SoundnessRules {

  /** Evidence of one kind that is listed. */
  private static final int LISTED = 20;

  private SoundnessRules() {}

  static Outcome superblockValid(Facts facts) throws IOException {
    List<Evidence> found = new ArrayList<>();
    for (GuestVolume volume : facts.guest().volumes()) {
      if (volume.refusal().isPresent() && isDamage(volume)) {
        found.add(Evidence.of(volume.name(), volume.refusal().get().fault().message()));
      }
    }
    Seen seen = GuestFilesystems.of(facts);
    for (Sound one : seen.sound()) {
      for (Problem problem : one.facts().problems()) {
        if (!isOfSize(problem)) {
          found.add(evidence(one.volume(), problem));
        }
      }
    }
    return found.isEmpty()
        ? seen.passOr("The superblocks agree with their copies and checksums.")
        : Outcome.fail("A filesystem contradicts itself.", limited(found));
  }

  private static boolean isDamage(GuestVolume volume) {
    return volume.refusal().filter(r -> r instanceof io.diskwright.io.CorruptImage).isPresent();
  }

  static Outcome clean(Facts facts) throws IOException {
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> failed = new ArrayList<>();
    boolean root = false;
    boolean derived = false;
    for (Sound one : seen.sound()) {
      FilesystemFacts filesystem = one.facts();
      String log = filesystem.details().getOrDefault("log", "");
      if (log.contains("is unknown")) {
        return Outcome.unknown(
            "Whether " + one.volume().name() + " was unmounted cleanly is not known: " + log + ".");
      }
      if (!filesystem.clean()
          || filesystem.recovery() != Recovery.NOT_NEEDED
          || filesystem.orphans() > 0) {
        root |= GuestFilesystems.mountPoint(facts, one.volume()).equals("/");
        derived |= facts.guest().roots().isEmpty();
        failed.add(one.evidence("state", state(filesystem), "unmounted cleanly"));
      }
    }
    if (failed.isEmpty()) {
      return seen.passOr("Every filesystem was unmounted cleanly.");
    }
    var outcome = Outcome.fail("A filesystem was not unmounted cleanly.", failed);
    return root || derived ? outcome : outcome.atMost(Severity.WARNING);
  }

  private static String state(FilesystemFacts filesystem) {
    List<String> words = new ArrayList<>();
    if (!filesystem.clean()) {
      words.add("not clean");
    }
    switch (filesystem.recovery()) {
      case NEEDED -> words.add("its journal holds changes that were not applied");
      case REPLAYED -> words.add("its journal must be replayed");
      case NOT_NEEDED -> {}
    }
    if (filesystem.orphans() > 0) {
      words.add(filesystem.orphans() + " orphaned files");
    }
    String hibernation = filesystem.details().getOrDefault("hibernation", "");
    if (hibernation.equals("hibernated")) {
      words.add("hibernated");
    }
    return String.join(", ", words);
  }

  static Outcome noErrors(Facts facts) throws IOException {
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> failed = new ArrayList<>();
    boolean marked = false;
    for (Sound one : seen.sound()) {
      String counted = one.facts().details().getOrDefault("errors", "");
      boolean needsRepair = one.facts().features().contains("needsrepair");
      if (one.facts().errors() || needsRepair) {
        marked = true;
        failed.add(one.evidence("error flag", needsRepair ? "needs repair" : "set", "not set"));
      } else if (!counted.isEmpty()) {
        failed.add(one.evidence("error count", counted, "0"));
      }
    }
    if (failed.isEmpty()) {
      return seen.passOr("No filesystem is marked as having errors.");
    }
    return marked
        ? Outcome.fail("A filesystem is marked as having errors.", failed)
        : Outcome.fail("Errors were once found in a filesystem.", failed).atMost(Severity.WARNING);
  }

  static Outcome structureCheck(Facts facts) throws IOException {
    if (!facts.deep()) {
      return Outcome.unknown("The structures were not walked; validate --deep does.")
          .atMost(Severity.INFO);
    }
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> found = new ArrayList<>();
    for (Sound one : seen.sound()) {
      var tree = one.volume().tree().orElseThrow();
      try {
        tree.check(problem -> {
          if (found.size() < LISTED) {
            found.add(evidence(one.volume(), problem));
          }
        });
      } catch (ImageException e) {
        found.add(Evidence.of(one.volume().name(), e.fault().message()));
      }
    }
    return found.isEmpty()
        ? seen.passOr("The structures of every filesystem agree with each other.")
        : Outcome.fail("A filesystem is damaged.", found);
  }

  static Outcome sizeMatchesPartition(Facts facts) throws IOException {
    Seen seen = GuestFilesystems.of(facts);
    List<Evidence> larger = new ArrayList<>();
    List<Evidence> smaller = new ArrayList<>();
    for (Sound one : seen.sound()) {
      long size = one.facts().size();
      long room = one.facts().volumeSize();
      if (size > room) {
        larger.add(one.evidence("size", size + " bytes", "at most " + room + " bytes"));
      } else if (room - size > room / 100) {
        smaller.add(one.evidence("size", size + " bytes", room + " bytes"));
      }
    }
    if (!larger.isEmpty()) {
      return Outcome.fail("A filesystem is larger than the volume it lies in.", larger);
    }
    return smaller.isEmpty()
        ? seen.passOr("Every filesystem fills its volume.")
        : Outcome.fail("A filesystem does not fill its volume and can be grown.", smaller)
            .atMost(Severity.INFO);
  }

  static Outcome uniqueUuid(Facts facts) throws IOException {
    Map<String, GuestVolume> byTag = new HashMap<>();
    List<Evidence> found = new ArrayList<>();
    for (GuestVolume volume : facts.guest().volumes()) {
      if (volume.content().isEmpty() || volume.type().equals("LVM2_member")) {
        continue;
      }
      for (String tag : tags(volume)) {
        Optional.ofNullable(byTag.putIfAbsent(tag, volume))
            .ifPresent(other ->
                found.add(
                    new Evidence(other.name() + " and " + volume.name(), tag, "different ones")));
      }
    }
    return found.isEmpty()
        ? Outcome.pass("No two filesystems have the same UUID or label.")
        : Outcome.fail("Two filesystems cannot be told apart by UUID or label.", found);
  }

  private static List<String> tags(GuestVolume volume) {
    List<String> tags = new ArrayList<>();
    String uuid = volume.content().map(c -> c.uuid()).orElse("");
    if (!uuid.isEmpty()) {
      tags.add("UUID=" + uuid.toLowerCase(Locale.ROOT));
    }
    if (!volume.label().isEmpty()) {
      tags.add("LABEL=" + volume.label());
    }
    return tags;
  }

  /** What {@link #sizeMatchesPartition} judges. */
  private static boolean isOfSize(Problem problem) {
    return problem.expected().startsWith("at most the volume's");
  }

  private static Evidence evidence(GuestVolume volume, Problem problem) {
    return new Evidence(
        volume.name() + " " + problem.structure(), problem.found(), problem.expected());
  }

  private static List<Evidence> limited(List<Evidence> all) {
    return all.subList(0, Math.min(all.size(), LISTED));
  }
}
