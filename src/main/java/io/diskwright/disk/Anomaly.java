package io.diskwright.disk;

/**
 * Something odd in a container that leaves the guest-visible bytes in no doubt. What does leave
 * them in doubt is an exception, not an anomaly.
 *
 * @param kind what kind of oddity
 * @param structure the structure or field, in the format's own terms
 * @param offset bytes from the start of the file, or -1 for no single place
 * @param observed what stands there
 * @param expected what should stand there
 */
public record Anomaly(Kind kind, String structure, long offset, String observed, String expected) {

  /** The kinds the validator tells apart. */
  public enum Kind {
    /** The image was not closed cleanly by its last writer. */
    DIRTY,
    /** The image's writer marked it as corrupt. */
    MARKED_CORRUPT,
    /** One of several copies of a structure is damaged; a sound one was used. */
    DAMAGED_COPY,
    /** Two fields state different sizes; the one the specification rules was used. */
    SIZES_DISAGREE,
    /** The image holds something that is not part of its disk (snapshots, saved state, bitmaps). */
    IGNORED_CONTENT,
    /** The parent is the right one, but not quite as the image remembers it. */
    PARENT_DIFFERS,
    /**
     * Nothing in the image tells a wrong passphrase from the right one: the one oddity that leaves
     * the bytes as certain as the user is.
     */
    UNVERIFIED_PASSPHRASE
  }
}
