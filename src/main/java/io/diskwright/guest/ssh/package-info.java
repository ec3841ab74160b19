/** How a guest is reached by ssh. */
@NullMarked
package io.diskwright.guest.ssh;

import org.jspecify.annotations.NullMarked;
