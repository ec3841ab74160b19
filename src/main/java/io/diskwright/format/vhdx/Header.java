package io.diskwright.format.vhdx;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import io.diskwright.io.ImageException;
import java.util.UUID;

/**
 * A header whose checksum is right.
 *
 * @param sequenceNumber unsigned; of two headers the one with the larger number counts
 * @param fileWriteGuid changes whenever the file is opened for writing
 * @param dataWriteGuid changes when the disk's bytes do; a child names its parent by it
 * @param logGuid what valid log entries carry; {@link Guid#ZERO} when the log is empty
 * @param logLength bytes
 * @param logOffset bytes from the start of the file
 */
record Header(
    long sequenceNumber,
    UUID fileWriteGuid,
    UUID dataWriteGuid,
    UUID logGuid,
    long logLength,
    long logOffset) {

  static final String SIGNATURE = "head";
  static final int SIZE = 4096;
  static final int SEQUENCE_NUMBER_AT = 8;

  private static final int LOG_VERSION_AT = 64;
  private static final int VERSION_AT = 66;
  private static final int LOG_LENGTH_AT = 68;
  private static final int LOG_OFFSET_AT = 72;

  /**
   * Parses the header that counts.
   *
   * @throws ImageException when it is of another version, or the log cannot be where it says
   */
  static Header parse(ByteView view, ByteSource source) throws ImageException {
    if (view.u16(VERSION_AT) != 1) {
      throw view.unsupported("Version", VERSION_AT, Fault.number(view.u16(VERSION_AT)), "1");
    }
    if (view.u16(LOG_VERSION_AT) != 0) {
      throw view.unsupported(
          "LogVersion", LOG_VERSION_AT, Fault.number(view.u16(LOG_VERSION_AT)), "0");
    }
    var header =
        new Header(
            view.u64(SEQUENCE_NUMBER_AT),
            Guid.parse(view, 16),
            Guid.parse(view, 32),
            Guid.parse(view, 48),
            view.u32(LOG_LENGTH_AT),
            view.u64(LOG_OFFSET_AT));
    header.checkLogPlace(view, source);
    return header;
  }

  private void checkLogPlace(ByteView view, ByteSource source) throws CorruptImage {
    if (logLength == 0 || logLength % Region.ALIGNMENT != 0) {
      throw view.corrupt(
          "LogLength", LOG_LENGTH_AT, Fault.number(logLength), "a multiple of 1 MiB above 0");
    }
    if (logOffset < Region.ALIGNMENT || logOffset % Region.ALIGNMENT != 0) {
      throw view.corrupt(
          "LogOffset", LOG_OFFSET_AT, Fault.number(logOffset), "a multiple of 1 MiB above 0");
    }
    if (logOffset > source.size()) {
      throw view.corrupt(
          "LogOffset",
          LOG_OFFSET_AT,
          Fault.number(logOffset),
          "inside the file's " + Fault.number(source.size()) + " bytes");
    }
    if (logLength > source.size() - logOffset) {
      throw view.corrupt(
          "LogLength",
          LOG_LENGTH_AT,
          Fault.number(logLength) + " from " + Fault.number(logOffset) + " on",
          "inside the file's " + Fault.number(source.size()) + " bytes");
    }
  }

  /** Where the log lies. */
  Region log() {
    return new Region("log", logOffset, logLength);
  }
}
