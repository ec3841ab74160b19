package io.diskwright.source.archive;

import java.io.IOException;
import java.util.List;

/** What an archive lists, and the content of its small members: all that picking a disk needs. */
interface Catalogue {

  /** The archive, for messages. */
  String source();

  /** The members in the archive's order. */
  List<Member> members();

  /**
   * Reads a small file of the archive.
   *
   * @param limit bytes it may have
   * @throws io.diskwright.io.LimitExceeded when it has more
   */
  byte[] content(Member member, int limit) throws IOException;
}
