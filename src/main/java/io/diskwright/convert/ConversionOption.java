package io.diskwright.convert;

/** What a conversion does besides converting. */
public enum ConversionOption {
  /** An existing target may be replaced. */
  REPLACE,
  /** The output is judged. */
  VALIDATE,
  /** Goes on where an interrupted conversion of the same source into the same target stopped. */
  RESUME,
  /** The output is read back and compared with what was read from the source. */
  VERIFY,
  /** The digest of the disk's content is computed. */
  DIGEST
}
