/** Bytes, limits, block codecs and the exceptions every other package speaks. */
@NullMarked
package io.diskwright.io;

import org.jspecify.annotations.NullMarked;
