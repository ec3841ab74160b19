package io.diskwright.fuzz;

import io.diskwright.guest.registry.Hive;
import io.diskwright.guest.registry.RegistryKey;
import io.diskwright.guest.registry.RegistryValue;
import io.diskwright.io.ByteSource;
import io.diskwright.io.ImageException;
import io.diskwright.io.MemorySource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;

/**
 * Reads the keys and values of a Windows registry hive, as many as a fuzzer has time for, and holds
 * them to the contract: what one key refuses does not keep the others from being read, and nothing
 * but an {@link ImageException} is thrown.
 */
final class HiveExercise {

  private static final byte[] MAGIC = "regf".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_KEYS = 2_000;
  private static final int MAX_VALUES = 20_000;
  private static final int MAX_LOG = 1 << 20;

  /** As Windows: keys are not nested deeper. */
  private static final int MAX_DEPTH = 512;

  private final Deque<Place> pending = new ArrayDeque<>();
  private int keys;
  private int values;

  private record Place(RegistryKey key, int depth) {}

  private HiveExercise() {}

  static boolean isHive(ByteBuffer start) {
    return start.limit() >= MAGIC.length
        && start.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC));
  }

  static void run(ByteSource bytes) throws IOException {
    open(bytes, List.of());
    // Its own bytes as a log: whatever they are, they reach the reader of logs.
    byte[] log = new byte[(int) Math.min(bytes.size(), MAX_LOG)];
    try {
      bytes.read(0, ByteBuffer.wrap(log));
    } catch (ImageException e) {
      refused(e);
      return;
    }
    open(bytes, List.of(new MemorySource("log", log)));
  }

  static void open(ByteSource bytes, List<ByteSource> logs) throws IOException {
    try {
      Hive hive = Hive.open(bytes, logs);
      Objects.requireNonNull(hive.version());
      new HiveExercise().walk(hive);
    } catch (ImageException e) {
      refused(e);
    }
  }

  private void walk(Hive hive) throws IOException {
    pending.push(new Place(hive.root(), 0));
    while (!pending.isEmpty() && keys < MAX_KEYS && values < MAX_VALUES) {
      Place place = pending.pop();
      keys++;
      if (place.depth() > MAX_DEPTH) {
        throw new AssertionError("a key below " + place.depth() + " others");
      }
      attributes(place.key());
      values(place.key());
      subkeys(place);
    }
  }

  private static void attributes(RegistryKey key) throws IOException {
    try {
      Objects.requireNonNull(key.lastWritten());
      Objects.requireNonNull(key.className());
      key.isLink();
    } catch (ImageException e) {
      refused(e);
    }
  }

  private void subkeys(Place place) throws IOException {
    try {
      List<RegistryKey> subkeys = place.key().subkeys();
      subkeys.forEach(key -> pending.push(new Place(key, place.depth() + 1)));
      if (!subkeys.isEmpty() && place.key().subkey(subkeys.getFirst().name()).isEmpty()) {
        throw new AssertionError("no key " + subkeys.getFirst().name());
      }
    } catch (ImageException e) {
      refused(e);
    }
  }

  private void values(RegistryKey key) throws IOException {
    try {
      for (RegistryValue value : key.values()) {
        if (values++ >= MAX_VALUES) {
          return;
        }
        one(value);
      }
    } catch (ImageException e) {
      refused(e);
    }
  }

  private static void one(RegistryValue value) throws IOException {
    try {
      byte[] data = value.data();
      Objects.requireNonNull(value.text());
      Objects.requireNonNull(value.texts());
      if (value.number().isPresent() && data.length != 4 && data.length != 8) {
        throw new AssertionError("a number of " + data.length + " bytes, type " + value.type());
      }
    } catch (ImageException e) {
      refused(e);
    }
  }

  private static void refused(ImageException e) {
    Objects.requireNonNull(e.fault().message());
  }
}
