package io.diskwright.source.archive;

import io.diskwright.io.CorruptImage;
import io.diskwright.io.Fault;
import java.util.Map;

/**
 * A digest that a member's content should have.
 *
 * @param digest which one
 * @param hex lower-case hexadecimal digits
 * @param maker what says so, for messages
 */
record Promise(Digest digest, String hex, String maker) {

  /**
   * Compares it with what the content has.
   *
   * @param found the content's digests, this one among them
   * @param source the content, for messages
   * @throws CorruptImage when they differ
   */
  void verify(Map<Digest, String> found, String source) throws CorruptImage {
    String actual = found.get(digest);
    if (!hex.equals(actual)) {
      throw new CorruptImage(
          source,
          "content",
          Fault.NOWHERE,
          digest.label() + " " + actual,
          hex + ", as " + maker + " says",
          "The archive is damaged or was changed; download or export it again");
    }
  }
}
