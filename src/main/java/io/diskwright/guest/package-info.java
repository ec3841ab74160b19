/** Facts about the guest in the disk. */
@NullMarked
package io.diskwright.guest;

import org.jspecify.annotations.NullMarked;
