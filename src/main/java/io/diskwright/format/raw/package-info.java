/** RAW images. */
@NullMarked
package io.diskwright.format.raw;

import org.jspecify.annotations.NullMarked;
