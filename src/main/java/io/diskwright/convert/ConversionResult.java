package io.diskwright.convert;

import io.diskwright.disk.ImageInfo;
import io.diskwright.target.TargetFormat;
import io.diskwright.validate.Validation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a conversion did.
 *
 * @param source the image that was read
 * @param sourceInfo its container's facts, among them every external file that was read
 * @param target the file that was written
 * @param format what was written
 * @param virtualSize bytes of the output's disk
 * @param fileSize length of the output file in bytes
 * @param bytesRead bytes read from the source for the guest's data, encoded ones as they are stored
 * @param bytesWritten bytes of the disk that were written, the rest being holes
 * @param resumedAt offset of the disk from which this run went on, 0 when it began
 * @param contentDigest the digest of the output's guest-visible bytes, when it was asked for
 * @param actions what was changed besides the container, for people: a partition table that
 *     followed
 * @param elapsed wall time, validation included
 * @param validation the judgement of the output, unless it was switched off
 */
public record ConversionResult(
    Path source,
    ImageInfo sourceInfo,
    Path target,
    TargetFormat format,
    long virtualSize,
    long fileSize,
    long bytesRead,
    long bytesWritten,
    long resumedAt,
    Optional<String> contentDigest,
    List<String> actions,
    Duration elapsed,
    Optional<Validation> validation) {}
