package io.diskwright.source.archive;

import io.diskwright.io.ByteSource;
import io.diskwright.io.ByteView;
import io.diskwright.io.ForwardSource;
import io.diskwright.io.ImageException;
import io.diskwright.source.Content;
import io.diskwright.source.OpenOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An archive in which a disk image is wrapped. Archives are recognised by content. With an OVF
 * descriptor in it, an archive is an OVA: the descriptor names the disk and a manifest may state
 * its digest. Otherwise the disk is the only file, or the only one named like a disk.
 */
public enum ArchiveFormat {
  /** Old tar, ustar, pax and GNU's, with its sparse files. */
  TAR,
  /** Zip and zip64. */
  ZIP;

  /** What messages and reports call an archive with an OVF descriptor. */
  private static final String OVA = "OVA";

  /**
   * The archive that starts with these bytes.
   *
   * @param head 512 bytes or more, where there are as many
   */
  public static Optional<ArchiveFormat> of(ByteView head) {
    if (head.startsWith(0, "PK\3\4") || head.startsWith(0, "PK\5\6")) {
      return Optional.of(ZIP);
    }
    // The first piece of an archive in several, or the only piece of what was to be one.
    if (head.startsWith(0, "PK\7\bPK\3\4") || head.startsWith(0, "PK00PK\3\4")) {
      return Optional.of(ZIP);
    }
    return TarHeader.startsHere(head) ? Optional.of(TAR) : Optional.empty();
  }

  /**
   * Picks the disk in an archive. Its bytes are {@link Content.Whole} unless a zip archive packs
   * them; the check of its wrapping then verifies what is promised about them.
   *
   * @param archive closed on failure, and with the content
   * @param path the archive's
   * @param options which disk, if there are several; whether an image may name other members
   * @throws ImageException when the archive is damaged or dangerous, or the disk cannot be told
   */
  public Content open(ByteSource archive, Path path, OpenOptions options) throws IOException {
    try {
      Archive listed = this == TAR ? TarArchive.read(archive) : ZipArchive.read(archive);
      Choice choice = Selection.choose(listed, path, options.disk());
      return ArchiveContent.open(listed, choice, archive, path, layer(choice.ovf()), options);
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  /**
   * The same for an archive that is read once. The disk's end is reached only when the rest of the
   * archive was read as well, is whole, and leaves no doubt that this is the disk.
   *
   * @param archive closed on failure, and with the content
   * @param path the archive's
   * @param options which disk, if there are several
   * @throws ImageException when the archive is damaged or dangerous, or the disk cannot be told
   */
  public Content openForward(ForwardSource archive, Path path, OpenOptions options)
      throws IOException {
    try {
      PassingArchive passing = this == TAR ? new PassingTar(archive) : new PassingZip(archive);
      return PassingDisk.open(passing, path, options, this::layer);
    } catch (IOException | RuntimeException e) {
      archive.close();
      throw e;
    }
  }

  private String layer(boolean ovf) {
    return ovf ? OVA : this == TAR ? "tar" : "zip";
  }
}
