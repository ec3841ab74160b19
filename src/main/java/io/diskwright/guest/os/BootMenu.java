package io.diskwright.guest.os;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The entries of a boot menu, as far as they tell what is started. For one thread. */
final class BootMenu {

  private final List<Item> items = new ArrayList<>();

  /** An entry, or a submenu with entries of its own. */
  static final class Item {

    private final String title;
    private final String id;
    private final BootMenu submenu = new BootMenu();
    private @Nullable String image;

    private Item(String title, String id) {
      this.title = title;
      this.id = id;
    }

    BootMenu submenu() {
      return submenu;
    }

    /** Sets the image it starts, unless it has one. */
    void starts(String path) {
      if (image == null && !path.isEmpty()) {
        image = path;
      }
    }

    private boolean isCalled(String name) {
      return name.equals(title) || (!id.isEmpty() && name.equals(id));
    }

    private Optional<String> image() {
      return image != null ? Optional.of(image) : submenu.image("0");
    }
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  Item add(String title, String id) {
    var item = new Item(title, id);
    items.add(item);
    return item;
  }

  /**
   * The path of the image that is started by default.
   *
   * @param name a number from 0, a title or an id; through submenus with {@code >} between
   */
  Optional<String> image(String name) {
    BootMenu menu = this;
    Optional<Item> item = Optional.empty();
    for (String step : name.split(">", 8)) {
      item = menu.item(step.strip());
      if (item.isEmpty()) {
        // A title may hold the sign itself.
        return items.stream().filter(i -> i.isCalled(name)).findFirst().flatMap(Item::image);
      }
      menu = item.get().submenu;
    }
    return item.flatMap(Item::image);
  }

  private Optional<Item> item(String name) {
    for (Item item : items) {
      if (item.isCalled(name)) {
        return Optional.of(item);
      }
    }
    boolean isNumber =
        !name.isEmpty() && name.length() < 5 && name.chars().allMatch(Character::isDigit);
    int number = isNumber ? Integer.parseInt(name) : items.size();
    return number < items.size() ? Optional.of(items.get(number)) : Optional.empty();
  }
}
