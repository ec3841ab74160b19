/** Which packages a guest has. */
@NullMarked
package io.diskwright.guest.packages;

import org.jspecify.annotations.NullMarked;
