package io.diskwright.source.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An archive that is read once, from its start to its end. For one thread. */
interface PassingArchive extends Closeable {

  /** Bytes of a member that an archive tells only behind its data. */
  long UNKNOWN_SIZE = -1;

  /** The archive, for messages. */
  String source();

  /**
   * Goes to the next member, passing over what was not read of this one.
   *
   * @return null at the end: then the archive was read wholly and is whole
   */
  @Nullable Member next() throws IOException;

  /**
   * The content of the member that {@link #next} gave. It ends only when it is what the archive
   * says about it. It need not be closed.
   *
   * @throws io.diskwright.io.UnsupportedFeature when it is packed in a way that is not read
   */
  InputStream data() throws IOException;

  /**
   * The members so far; all of them, as the archive finally has them, when {@link #next} gave null.
   */
  List<Member> members();
}
