package io.diskwright.io;

import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Plain bytes of a file.
 *
 * @param file its path, for reports
 * @param channel open for reading; not the receiver's to close
 * @param offset bytes from the start of the file
 * @param length bytes
 */
public record FileRange(Path file, FileChannel channel, long offset, long length) {}
