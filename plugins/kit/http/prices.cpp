#include "kit/http/prices.hpp"

#include "kit/document.hpp"
#include "kit/prompt.hpp"

namespace aisci::kit {
namespace {

// A variant has a name of its own in its maker's list; only dates and "latest" say no more than the family's name.
bool is_version(std::string_view rest) {
  if (rest.empty()) return true;
  if (rest.front() != '-' && rest.front() != '@') return false;
  rest.remove_prefix(1);
  return rest == "latest" || rest.find_first_not_of("0123456789-") == std::string_view::npos;
}

}  // namespace

Prices::Prices(const std::string& data_folder)
    : table_{parse_object(read_text_file(data_folder + "/prices.json"), "prices.json")} {}

void Prices::add_to(json::object& model) const {
  if (has(model, "input_price")) return;
  const std::string id = text_of(model, "id");
  for (const auto& row : object_of(table_, "models")) {
    const std::string_view name{row.key().data(), row.key().size()};
    if (id.compare(0, name.size(), name) != 0 || !is_version(std::string_view{id}.substr(name.size()))) continue;
    model["input_price"] = number_of(row.value().as_object(), "input");
    model["output_price"] = number_of(row.value().as_object(), "output");
    model["priced_as_of"] = text_of(table_, "as_of");
    return;
  }
}

}  // namespace aisci::kit
