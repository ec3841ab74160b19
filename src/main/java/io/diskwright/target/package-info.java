/** Writing the output: RAW and fixed VHD into files with holes, committed atomically. */
@NullMarked
package io.diskwright.target;

import org.jspecify.annotations.NullMarked;
