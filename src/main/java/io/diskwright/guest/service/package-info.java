/** Which services a guest starts. */
@NullMarked
package io.diskwright.guest.service;

import org.jspecify.annotations.NullMarked;
