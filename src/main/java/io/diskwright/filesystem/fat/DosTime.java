package io.diskwright.filesystem.fat;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Times of directory entries. They have no zone; they are taken for UTC. */
final class DosTime {

  private static final int FIRST_YEAR = 1980;
  private static final long TEN_MILLISECONDS = 10_000_000;

  private DosTime() {}

  /**
   * The time of two fields; impossible days and hours are carried over, as Linux does.
   *
   * @param tens of 10 ms, 0 to 255
   */
  static Instant of(int date, int time, int tens) {
    int claimedMonth = date >> 5 & 0xf;
    int month = claimedMonth > 12 ? 1 : Math.max(1, claimedMonth);
    int day = Math.max(1, date & 0x1f);
    LocalDate first = LocalDate.of(FIRST_YEAR + (date >> 9), month, 1);
    long seconds = (time >> 11) * 3600L + (time >> 5 & 0x3f) * 60L + (time & 0x1f) * 2L;
    return first
        .plusDays(day - 1L)
        .atStartOfDay(ZoneOffset.UTC)
        .toInstant()
        .plusSeconds(seconds)
        .plusNanos(tens * TEN_MILLISECONDS);
  }
}
