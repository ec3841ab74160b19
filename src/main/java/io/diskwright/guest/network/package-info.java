/** How a guest configures its network. */
@NullMarked
package io.diskwright.guest.network;

import org.jspecify.annotations.NullMarked;
