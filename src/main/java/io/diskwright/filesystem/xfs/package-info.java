/**
 * XFS, versions 4 and 5, read-only; a dirty log is reported and not replayed. Follows the "XFS
 * Filesystem Structure" document of the XFS project.
 */
@NullMarked
package io.diskwright.filesystem.xfs;

import org.jspecify.annotations.NullMarked;
