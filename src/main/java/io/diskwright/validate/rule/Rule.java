package io.diskwright.validate.rule;

import java.io.IOException;

/** One requirement: its id in the catalogue, and how an image is judged by it. */
public interface Rule {

  /** The id in the catalogue. */
  String id();

  /**
   * Judges.
   *
   * @throws io.diskwright.io.ImageException when the image does not yield what must be read; the
   *     rule is then undecided
   */
  Outcome check(Facts facts) throws IOException;

  /** A rule that is one function. */
  static Rule of(String id, Check check) {
    return new Rule() {
      @Override
      public String id() {
        return id;
      }

      @Override
      public Outcome check(Facts facts) throws IOException {
        return check.judge(facts);
      }
    };
  }

  /** A rule about the guest's files; undecided where they, or some it asked for, are not read. */
  static Rule ofFiles(String id, FilesCheck check) {
    return of(id, facts -> facts.files().judge(check));
  }

  /** How the files of a guest are judged. */
  @FunctionalInterface
  interface FilesCheck {
    /** Judges; see {@link Rule#check}. */
    Outcome judge(GuestFacts facts) throws IOException;
  }

  /** How an image is judged. */
  @FunctionalInterface
  interface Check {

    /** Judges; see {@link Rule#check}. */
    Outcome judge(Facts facts) throws IOException;
  }
}
