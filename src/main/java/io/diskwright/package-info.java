/**
 * The library's entry. Public API are this package and the types its methods name: those of {@code
 * disk}, {@code convert}, {@code validate}, {@code source.OpenOptions} and {@code
 * source.ReferencePolicy}, {@code target.TargetFormat}, and the exceptions of {@code io}.
 * Everything else is internal and changes without notice.
 */
@NullMarked
package io.diskwright;

import org.jspecify.annotations.NullMarked;
