// What a user hands in: a template, and data. Both are copied into the study's folder before anything else, and
// hashed; from then on the study needs them nowhere else, and a changed copy is found.
#include <algorithm>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "research/flow.hpp"
#include "research/taken.hpp"

namespace aisci {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t kMostOfTemplate = std::uintmax_t{64} << 20;
constexpr std::uintmax_t kMostOfData = std::uintmax_t{1} << 30;
constexpr const char* kTable = "data.csv";  // whatever a table was called

// "taxi" is the name of a shipped template, "./taxi" and any folder that has a template.json are not.
bool names_a_folder(const std::string& text) {
  std::error_code error;
  return text.find('/') != std::string::npos && !text.empty() &&
         (text[0] == '/' || text[0] == '.' || fs::exists(fs::path{text} / "template.json", error) ||
          fs::is_directory(text, error));
}

// Objects are merged, null removes, anything else replaces.
void merge(json::object& document, const json::object& patch) {
  for (const auto& entry : patch) {
    if (entry.value().is_null()) {
      document.erase(entry.key());
    } else if (entry.value().is_object()) {
      auto& there = document[entry.key()];
      if (!there.is_object()) there = json::object{};
      merge(there.get_object(), entry.value().get_object());
    } else {
      document[entry.key()] = entry.value();
    }
  }
}

std::string base_of(const std::string& name) { return name.substr(0, name.find('/')); }

}  // namespace

json::object Flow::design_input() const {
  if (template_folder_.empty()) return {};
  return {{"folder", fs::absolute(template_folder_).string()}};
}

// The files lie below study/template/NAME, where NAME is what the template calls itself.
Status Flow::take_template() {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("template.taken", "study"));
  std::error_code error;
  if (!known && options_.template_folder == kFreeTemplate) return {};
  if (!known && (!(names_a_folder(options_.template_folder) || fs::is_directory(options_.template_folder, error)) ||
                 options_.template_folder.empty()))
    return {};
  const fs::path kept = folder_ / kTemplateFolder;
  AISCI_ASSIGN_OR_RETURN(
      const json::object taken, recorder_.outcome("template.taken", "study", [&]() -> Result<json::object> {
        const fs::path from = fs::absolute(options_.template_folder);
        const auto text = read_file(from / "template.json");
        if (!text.ok())
          return not_found("--template " + options_.template_folder +
                           ": there is no template.json in this folder, and no shipped template has this name");
        AISCI_ASSIGN_OR_RETURN(const json::object manifest,
                               parse_json_object(*text, (from / "template.json").string()));
        const std::string name = text_of(manifest, "name");
        if (name.empty() || name.find_first_of("/\\.") != std::string::npos)
          return invalid_argument((from / "template.json").string() + ": `name` must be a plain name, not \"" + name +
                                  "\"");
        fs::remove_all(kept, error);
        AISCI_RETURN_IF_ERROR(copy_tree(from, kept / name, kMostOfTemplate));
        return json::object{{"name", name}, {"files", hashes_below(kept)}};
      }));
  if (const json::object found = hashes_below(kept); !equal_documents(object_of(taken, "files"), found)) {
    Finding difference = first_difference(object_of(taken, "files"), found, kTemplateFolder);
    if (!recorder_.verifying()) return data_loss("the study's template was changed: " + difference.place);
    recorder_.report(std::move(difference));
  }
  template_folder_ = kept;
  return {};
}

Status Flow::take_data() {
  AISCI_ASSIGN_OR_RETURN(const auto known, recorder_.recorded("data.taken", "study"));
  if (!known && options_.data.empty()) return {};
  const fs::path kept = folder_ / kSourceFolder;
  AISCI_ASSIGN_OR_RETURN(data_, recorder_.outcome("data.taken", "study", [&]() -> Result<json::object> {
    const fs::path from = fs::absolute(options_.data);
    std::error_code error;
    if (!fs::exists(from, error)) return not_found("--data " + options_.data + ": there is no such file");
    fs::remove_all(kept, error);
    const bool folder = fs::is_directory(from, error);
    if (folder && lies_in(folder_, from))
      return invalid_argument("--data " + options_.data + ": the study's own folder lies in it");
    if (folder) {
      AISCI_RETURN_IF_ERROR(copy_tree(from, kept, kMostOfData));
    } else {
      if (fs::file_size(from, error) > kMostOfData)
        return resource_exhausted("--data " + options_.data + ": more than the " + std::to_string(kMostOfData >> 20) +
                                  " MB that a study takes");
      AISCI_RETURN_IF_ERROR(copy_regular_file(fs::canonical(from, error), kept / kTable));
    }
    json::object files = hashes_below(kept);
    const std::string hash = folder ? sha256(canonical(files)) : text_of(files, kTable);
    return json::object{{"name", from.filename().string()},
                        {"kind", folder ? "folder" : "csv"},
                        {"sha256", hash},
                        {"target", options_.target},
                        {"files", std::move(files)}};
  }));
  if (const json::object found = hashes_below(kept); !equal_documents(object_of(data_, "files"), found)) {
    Finding difference = first_difference(object_of(data_, "files"), found, kSourceFolder);
    if (!recorder_.verifying()) return data_loss("the study's own data were changed: " + difference.place);
    recorder_.report(std::move(difference));
  }
  return {};
}

// Runs the template's program that looks at the user's data and says what can be made of them: a patch of the
// manifest, or why it takes them not. It runs in the sandbox: a stranger's file is read there and nowhere else.
Result<json::object> Flow::describe_data(const json::object& manifest) {
  const std::string name = text_of(manifest, "name");
  return recorder_.outcome(
      "data.described", name,
      [&]() -> Result<json::object> {
        json::object input = design_input();
        input["template"] = manifest;
        AISCI_ASSIGN_OR_RETURN(const json::object program, act("design.describe", input));
        RunRequest request;
        request.id = "data-description";
        std::error_code error;
        int attempt = 1;
        do request.folder = folder_ / "data-runs" / ("d" + std::to_string(attempt++));
        while (fs::exists(request.folder, error));
        request.program = texts_of(program, "program");
        request.wall_seconds = 300;
        request.data = folder_ / kSourceFolder;
        for (const auto& file : object_of(program, "code"))
          AISCI_RETURN_IF_ERROR(
              write_below(request.folder / "job", file.key(), text_of(object_of(program, "code"), file.key())));
        const json::object asked{{"file", text_of(data_, "kind") == "csv" ? json::value(kTable) : json::value(nullptr)},
                                 {"name", text_of(data_, "name")},
                                 {"target", text_of(data_, "target")}};
        AISCI_RETURN_IF_ERROR(write_file(request.folder / "job" / "request.json", pretty(asked)));
        AISCI_RETURN_IF_ERROR(make_folders(request.folder / "results"));
        AISCI_ASSIGN_OR_RETURN(const RunOutcome outcome, crew_.run(request, {}, control_.cancelled));
        if (!outcome.clean())
          return failed_precondition("the template " + name + " could not read the data: " + describe(outcome));
        AISCI_ASSIGN_OR_RETURN(const std::string text,
                               read_file(request.folder / "results" / "description.json", 16 << 20));
        AISCI_ASSIGN_OR_RETURN(json::object description, parse_json_object(text, "the description of the data"));
        fs::remove_all(request.folder, error);
        return description;
      },
      true);
}

// What is wrong with the study's copy is to be mended in the folder that was copied.
Status Flow::in_users_folder(const Status& status) const {
  if (template_folder_.empty() || options_.template_folder.empty()) return status;
  std::string message = status.message();
  std::error_code error;
  for (const auto& entry : fs::directory_iterator{template_folder_, error})
    message = replace_all(message, fs::absolute(entry.path()).string(), options_.template_folder);
  return {status.code(), message};
}

// The templates that may answer: all, the one that was named, or those that take the user's data, made theirs.
Result<json::array> Flow::offered_templates() {
  if (!written_.empty()) return json::array{written_};
  json::object input = design_input();
  if (!data_.empty()) input["own_data"] = true;
  const auto listed = act("design.catalogue", input);
  if (!listed.ok()) return in_users_folder(listed.status());
  const json::object& catalogue = *listed;
  const std::string wanted = template_folder_.empty() ? options_.template_folder : std::string{};
  json::array offered;
  std::vector<std::string> names, refusals;
  for (const auto& value : array_of(catalogue, "templates")) {
    if (!value.is_object()) continue;
    json::object manifest = value.get_object();
    const std::string name = text_of(manifest, "name");
    names.push_back(name);
    if (!wanted.empty() && name != wanted && base_of(name) != wanted) continue;
    if (!data_.empty()) {
      const auto accepts = texts_of(object_of(manifest, "own_data"), "accepts");
      const std::string kind = text_of(data_, "kind");
      if (std::find(accepts.begin(), accepts.end(), kind) == accepts.end()) {
        refusals.push_back(name + " takes " + join(accepts, " or ") + ", not a " + kind);
        continue;
      }
      AISCI_ASSIGN_OR_RETURN(const json::object description, describe_data(manifest));
      if (const std::string refused = text_of(description, "refused"); !refused.empty())
        return invalid_argument("--data " + text_of(data_, "name") + ": " + refused);
      merge(manifest, object_of(description, "patch"));
      manifest["name"] = name + "/own";
      json::object dataset = object_of(manifest, "dataset");
      dataset["sha256"] = text_of(data_, "sha256");
      dataset["file"] = text_of(data_, "name");
      manifest["dataset"] = std::move(dataset);
      for (const auto& note : texts_of(description, "notes")) tell(note, 0.0);
    }
    offered.push_back(std::move(manifest));
  }
  if (!offered.empty()) return offered;
  if (!data_.empty())
    return invalid_argument("--data " + text_of(data_, "name") + ": no template takes it" +
                            (refusals.empty() ? "" : " (" + join(refusals, "; ") + ")") +
                            "; give a CSV file with a row of column names, and the column to predict with --target");
  return not_found("there is no template \"" + wanted + "\", neither shipped nor as a folder; there are " +
                   join(names, ", "));
}

}  // namespace aisci
