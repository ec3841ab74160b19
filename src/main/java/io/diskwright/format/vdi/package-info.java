/** VirtualBox's VDI. */
@NullMarked
package io.diskwright.format.vdi;

import org.jspecify.annotations.NullMarked;
