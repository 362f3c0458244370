#include <valijson/adapters/boost_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "runtime/model_tasks.hpp"

namespace aisci {

Status check_schema(const json::value& document, const json::value& schema, std::string_view what) {
  if (!schema.is_object() || schema.get_object().empty()) return {};
  try {
    valijson::Schema parsed;
    valijson::SchemaParser{}.populateSchema(valijson::adapters::BoostJsonAdapter{schema}, parsed);
    valijson::ValidationResults results;
    if (valijson::Validator{}.validate(parsed, valijson::adapters::BoostJsonAdapter{document}, &results)) return {};
    std::string message = std::string{what} + " does not fit its schema:";
    valijson::ValidationResults::Error error;
    for (int i = 0; i < 5 && results.popError(error); ++i) {
      std::string place;
      for (const auto& step : error.context) place += step;
      message += " " + place + ": " + error.description;
    }
    return invalid_argument(message);
  } catch (const std::exception& error) {
    return internal_error("the schema of " + std::string{what} + " is not valid: " + error.what());
  }
}

}  // namespace aisci
