package io.diskwright.guest;

import io.diskwright.filesystem.FilesystemFacts;
import io.diskwright.filesystem.Recovery;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** What a sound filesystem with much room says of itself. */
public final class RoomyFilesystem {

  private RoomyFilesystem() {}

  /** An ext4 of 40 GiB. */
  public static FilesystemFacts ext4() {
    return new FilesystemFacts(
        "ext4",
        "",
        TestGuest.ROOT_UUID,
        4096,
        40L << 30,
        40L << 30,
        (30L << 30) / 4096,
        OptionalLong.of(100_000),
        OptionalLong.of(50_000),
        true,
        false,
        Recovery.NOT_NEEDED,
        0,
        List.of(),
        Map.of(),
        List.of());
  }
}
