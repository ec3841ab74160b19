/** Files and trees of a guest, copied out of it. */
@NullMarked
package io.diskwright.extract;

import org.jspecify.annotations.NullMarked;
