package io.diskwright.prepare;

import io.diskwright.disk.Patch;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/** Gathers changed sectors; of one that is put twice, the last counts. */
final class SectorPatches {

  private static final int SECTOR = 512;

  private final TreeMap<Long, byte[]> sectors = new TreeMap<>();

  /** Puts bytes from the start of a sector on; the rest of the last sector is zero. */
  void put(long lba, byte[] bytes) {
    for (int at = 0; at < bytes.length; at += SECTOR) {
      sectors.put(lba + at / SECTOR, Arrays.copyOfRange(bytes, at, at + SECTOR));
    }
  }

  /** Puts one sector of zeros. */
  void clear(long lba) {
    sectors.put(lba, new byte[SECTOR]);
  }

  /** The changes, neighbouring sectors joined. */
  List<Patch> patches() {
    List<Patch> patches = new ArrayList<>();
    var run = new ByteArrayOutputStream();
    long start = 0;
    for (var sector : sectors.entrySet()) {
      if (run.size() > 0 && sector.getKey() != start + run.size() / SECTOR) {
        patches.add(new Patch(start * SECTOR, run.toByteArray()));
        run.reset();
      }
      if (run.size() == 0) {
        start = sector.getKey();
      }
      run.writeBytes(sector.getValue());
    }
    if (run.size() > 0) {
      patches.add(new Patch(start * SECTOR, run.toByteArray()));
    }
    return patches;
  }
}
