package io.diskwright.guest.registry;

import io.diskwright.io.ByteSource;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What Windows would apply to a hive that was not written to the end.
 *
 * @param base the head of the newest log that is used
 * @param entries in their order
 */
record HiveRecovery(BaseBlock base, List<LogEntry> entries) {

  private static final int BIN_TIMESTAMP = 20;

  /** Empty when no log completes the hive. */
  static Optional<HiveRecovery> of(ByteSource hive, BaseBlock base, List<ByteSource> sources)
      throws IOException {
    List<HiveLog> logs = new ArrayList<>();
    List<HiveLog> oldLogs = new ArrayList<>();
    for (ByteSource source : sources) {
      HiveLog.read(source).ifPresent(log -> (log.isNewKind() ? logs : oldLogs).add(log));
    }
    // Windows does not mix them: old ones beside new ones were left by an earlier version.
    return logs.isEmpty() ? ofOld(hive, base, oldLogs) : ofNew(base, logs);
  }

  private static Optional<HiveRecovery> ofNew(BaseBlock base, List<HiveLog> logs) {
    logs.sort(Comparator.comparingLong(log -> log.base().primarySequence()));
    if (!base.checksumValid()) {
      // What the hive holds already is unknown: only the newest log can be trusted to reach it.
      HiveLog newest = logs.getLast();
      return Optional.of(new HiveRecovery(newest.base(), newest.entries()));
    }
    List<LogEntry> entries = new ArrayList<>();
    BaseBlock newest = base;
    for (HiveLog log : logs) {
      long first = log.base().primarySequence();
      boolean follows =
          entries.isEmpty()
              ? first >= base.secondarySequence()
              : first == entries.getLast().sequence() + 1;
      if (follows) {
        entries.addAll(log.entries());
        newest = log.base();
      }
    }
    return entries.isEmpty() ? Optional.empty() : Optional.of(new HiveRecovery(newest, entries));
  }

  /** A log of the old kind holds all that the hive may lack, so that one is enough. */
  private static Optional<HiveRecovery> ofOld(ByteSource hive, BaseBlock base, List<HiveLog> logs)
      throws IOException {
    long written =
        base.checksumValid()
            ? base.lastWritten()
            : hive.view("first bin", BaseBlock.LENGTH, 32, ByteOrder.LITTLE_ENDIAN)
                .u64(BIN_TIMESTAMP);
    return logs.stream()
        .filter(log -> Long.compareUnsigned(log.base().lastWritten(), written) >= 0)
        .max((a, b) -> Long.compareUnsigned(a.base().lastWritten(), b.base().lastWritten()))
        .map(log -> new HiveRecovery(log.base(), log.entries()));
  }

  /** The hive with all entries applied. */
  ByteSource applyTo(ByteSource hive) {
    return new RecoveredSource(hive, BaseBlock.LENGTH + entries.getLast().binsSize(), entries);
  }
}
