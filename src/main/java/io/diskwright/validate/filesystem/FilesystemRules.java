package io.diskwright.validate.filesystem;

import io.diskwright.validate.rule.Rule;
import java.util.List;

/** Whether the filesystems are sound, of a wanted kind and not full. */
public final class FilesystemRules {

  private FilesystemRules() {}

  /** The rules. */
  public static List<Rule> all() {
    return List.of(
        Rule.of("filesystem.root-type", KindRules::rootType),
        Rule.of("filesystem.supported-features", KindRules::supportedFeatures),
        Rule.of("filesystem.root-not-readonly", KindRules::rootNotReadOnly),
        Rule.of("filesystem.superblock-valid", SoundnessRules::superblockValid),
        Rule.of("filesystem.clean", SoundnessRules::clean),
        Rule.of("filesystem.no-errors", SoundnessRules::noErrors),
        Rule.of("filesystem.structure-check", SoundnessRules::structureCheck),
        Rule.of("filesystem.size-matches-partition", SoundnessRules::sizeMatchesPartition),
        Rule.of("filesystem.unique-uuid", SoundnessRules::uniqueUuid),
        Rule.of("filesystem.free-space", SpaceRules::freeSpace),
        Rule.of("filesystem.free-inodes", SpaceRules::freeInodes));
  }
}
