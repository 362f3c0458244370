// What models cost, from a plugin's data folder: prices.json, {"as_of", "models": {"NAME": {"input", "output"}}} in US
// dollars per million tokens. A model's price is that of the name that it is, or that it begins with before a date:
// "gpt-4.1-2025-04-14" is a "gpt-4.1", "gpt-4.1-mini" is none.
//
//   Prices prices{setup.data_folder};
//   json::object model{{"id", "gpt-4.1-2025-04-14"}};
//   prices.add_to(model);                                  // input_price, output_price, priced_as_of; or nothing
//
// Errors: NOT_FOUND, INVALID_ARGUMENT for a missing or broken file. Threads: const after construction. Since 0.1.
#pragma once

#include <string>

#include "kit/json.hpp"

namespace aisci::kit {

class Prices {
 public:
  explicit Prices(const std::string& data_folder);
  // Leaves a model alone whose server told its price, and one that is not in the table.
  void add_to(json::object& model) const;

 private:
  json::object table_;
};

}  // namespace aisci::kit
