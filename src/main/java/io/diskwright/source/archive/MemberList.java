package io.diskwright.source.archive;

import io.diskwright.io.LimitExceeded;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The members of an archive as they are found: as many as an honest archive of disks has. */
final class MemberList {

  /** Members that an archive may have. */
  static final int MAX_MEMBERS = 100_000;

  private static final int MAX_NAME = 4096;
  private static final int MAX_NAMES = 8 << 20;

  private final String source;
  private final List<Member> members = new ArrayList<>();
  private int names;

  /**
   * @param source the archive, for messages
   */
  MemberList(String source) {
    this.source = source;
  }

  /**
   * Adds a member.
   *
   * @throws LimitExceeded when there are too many, or their names are too long
   */
  void add(Member member) throws LimitExceeded {
    if (members.size() == MAX_MEMBERS) {
      throw tooLarge(member, "more than " + MAX_MEMBERS + " members", "up to " + MAX_MEMBERS);
    }
    if (member.name().length() > MAX_NAME) {
      throw tooLarge(
          member, "a name of " + member.name().length() + " characters", "up to " + MAX_NAME);
    }
    names += member.name().length();
    if (names > MAX_NAMES) {
      throw tooLarge(member, "names of more than 8 MiB", "up to 8 MiB of names");
    }
    members.add(member);
  }

  private LimitExceeded tooLarge(Member member, String found, String allowed) {
    return new LimitExceeded(
        source,
        "archive",
        member.at(),
        found,
        allowed,
        "Pack the disk alone, or with its OVF descriptor");
  }

  /** How many were added. */
  int size() {
    return members.size();
  }

  /** What was added so far, in the archive's order; grows with this. */
  List<Member> view() {
    return Collections.unmodifiableList(members);
  }

  /** The first members, for messages. */
  static String listing(List<Member> members) {
    int shown = 10;
    var names =
        members.stream()
            .limit(shown)
            .map(m -> m.shown() + (m.isFile() ? "" : " (" + m.kind().words() + ")"))
            .toList();
    return names.isEmpty()
        ? "nothing"
        : String.join(", ", names)
            + (members.size() > shown ? " and " + (members.size() - shown) + " more" : "");
  }
}
