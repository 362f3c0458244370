#include "research/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>

#include "base/files.hpp"

namespace aisci {
namespace {

constexpr std::uintmax_t kLabelsLimit = 64u << 20;
constexpr double kLeastProbability = 1e-12;
constexpr double kSumTolerance = 1e-3;

// As many entries as labels; what they are is the rule's business.
Result<const json::array*> entries(const json::object& predictions, const char* form, const std::vector<double>& labels,
                                   const std::string& place) {
  const auto& array = array_of(predictions, form);
  if (array.size() != labels.size())
    return invalid_argument(place + ": " + std::to_string(array.size()) + " predictions (" + form + ") for " +
                            std::to_string(labels.size()) + " inputs");
  return &array;
}

// Of a row of probabilities the class is the likeliest, the first of equal ones.
Result<json::object> with_labels(const json::object& predictions, const std::string& place) {
  if (predictions.contains("labels") || !predictions.contains("probabilities")) return predictions;
  json::array labels;
  for (const auto& entry : array_of(predictions, "probabilities")) {
    if (!entry.is_array() || entry.get_array().empty())
      return invalid_argument(place + ": a prediction is not a row of probabilities");
    const auto& row = entry.get_array();
    std::size_t best = 0;
    for (std::size_t i = 1; i < row.size(); ++i)
      if (as_number(row[i]) > as_number(row[best])) best = i;
    labels.emplace_back(static_cast<std::int64_t>(best));
  }
  return json::object{{"labels", std::move(labels)}};
}

Result<double> accuracy(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const json::object classes, with_labels(predictions, place));
  AISCI_ASSIGN_OR_RETURN(const json::array* predicted, entries(classes, "labels", labels, place));
  std::size_t correct = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!(*predicted)[i].is_int64()) return invalid_argument(place + ": a prediction is not a whole number");
    if (static_cast<double>((*predicted)[i].get_int64()) == labels[i]) ++correct;
  }
  return static_cast<double>(correct) / static_cast<double>(labels.size());
}

Result<double> error(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const double share, accuracy(predictions, labels, place));
  return 1.0 - share;
}

Result<std::vector<double>> residuals(const json::object& predictions, const std::vector<double>& labels,
                                      const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const json::array* predicted, entries(predictions, "values", labels, place));
  std::vector<double> out;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double value = as_number((*predicted)[i]);
    if (!std::isfinite(value)) return invalid_argument(place + ": a prediction is not a finite number");
    out.push_back(value - labels[i]);
  }
  return out;
}

double mean_square(const std::vector<double>& values) {
  return std::inner_product(values.begin(), values.end(), values.begin(), 0.0) / static_cast<double>(values.size());
}

Result<double> rmse(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const auto errors, residuals(predictions, labels, place));
  return std::sqrt(mean_square(errors));
}

Result<double> mae(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const auto errors, residuals(predictions, labels, place));
  return std::accumulate(errors.begin(), errors.end(), 0.0, [](double sum, double e) { return sum + std::abs(e); }) /
         static_cast<double>(errors.size());
}

Result<double> r2(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const auto errors, residuals(predictions, labels, place));
  const double mean = std::accumulate(labels.begin(), labels.end(), 0.0) / static_cast<double>(labels.size());
  std::vector<double> centred;
  for (const double label : labels) centred.push_back(label - mean);
  const double spread = mean_square(centred);
  if (spread <= 0) return invalid_argument(place + ": all labels are equal, so R squared is not defined");
  return 1.0 - mean_square(errors) / spread;
}

Result<double> log_loss(const json::object& predictions, const std::vector<double>& labels, const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const json::array* rows, entries(predictions, "probabilities", labels, place));
  double sum = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!(*rows)[i].is_array()) return invalid_argument(place + ": a prediction is not a row of probabilities");
    const auto& row = (*rows)[i].get_array();
    double total = 0;
    for (const auto& entry : row) {
      const double p = as_number(entry);
      if (!(p >= 0 && p <= 1 + kSumTolerance))
        return invalid_argument(place + ": a probability is not between 0 and 1");
      total += p;
    }
    if (std::abs(total - 1) > kSumTolerance)
      return invalid_argument(place + ": a row of probabilities does not sum to 1");
    if (labels[i] < 0 || labels[i] >= static_cast<double>(row.size()))
      return invalid_argument(place + ": a row of probabilities has no entry for its label");
    sum -= std::log(std::max(kLeastProbability, as_number(row[static_cast<std::size_t>(labels[i])])));
  }
  return sum / static_cast<double>(labels.size());
}

Result<double> perplexity(const json::object& predictions, const std::vector<double>& labels,
                          const std::string& place) {
  AISCI_ASSIGN_OR_RETURN(const double loss, log_loss(predictions, labels, place));
  return std::exp(loss);
}

using Rule = std::function<Result<double>(const json::object&, const std::vector<double>&, const std::string&)>;

const std::map<std::string, Rule, std::less<>>& rules() {
  static const std::map<std::string, Rule, std::less<>> table{
      {"accuracy", accuracy}, {"error", error},          {"r2", r2}, {"rmse", rmse}, {"mae", mae},
      {"log_loss", log_loss}, {"perplexity", perplexity}};
  return table;
}

}  // namespace

Result<std::vector<double>> read_labels(const std::filesystem::path& file) {
  AISCI_ASSIGN_OR_RETURN(const std::string text, read_file(file, kLabelsLimit));
  AISCI_ASSIGN_OR_RETURN(const json::object document, parse_json_object(text, file.string()));
  std::vector<double> labels;
  for (const auto& value : array_of(document, "labels")) {
    labels.push_back(as_number(value));
    if (!std::isfinite(labels.back())) return invalid_argument(file.string() + ": a label is not a number");
  }
  if (labels.empty()) return invalid_argument(file.string() + ": no labels");
  return labels;
}

Result<double> score_predictions(std::string_view rule, const json::object& predictions,
                                 const std::vector<double>& labels, const std::string& place) {
  const auto it = rules().find(rule);
  if (it != rules().end()) return it->second(predictions, labels, place);
  std::string names;
  for (const auto& entry : rules()) names += (names.empty() ? "" : ", ") + entry.first;
  return unimplemented("the host cannot score by \"" + std::string{rule} + "\"; it can by " + names);
}

}  // namespace aisci
