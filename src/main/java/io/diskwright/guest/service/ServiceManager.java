package io.diskwright.guest.service;

import java.io.IOException;
import java.util.Optional;

/** What starts services. */
interface ServiceManager {

  /** What it does with a service; empty when it does not know it. */
  Optional<Startup> startup(String name) throws IOException;
}
