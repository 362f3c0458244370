#include "plugin_project.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace aisci::cli {
namespace {

struct Project {
  const char* kind;
  const char* macro;
  const char* use;
  const char* source;
};

constexpr const char* kValueFunction = R"src(// What a node of the search tree is worth: @NAME@.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/value_function.hpp>

using namespace aisci::plugin;

class @CLASS@ final : public ValueFunction {
 public:
  explicit @CLASS@(const Setup& setup) : half_{json::parse(setup.config_json)["half"].number(4000.0)} {}

  // From 0 (worthless) to 1. The same node gets the same value: no clock, no unseeded random numbers.
  Score evaluate(const NodeView& node, Call&) override {
    return {.value = half_ / (half_ + static_cast<double>(node.blob("code").size()))};
  }

 private:
  double half_;
};
)src";

constexpr const char* kAgent = R"src(// An agent: does named pieces of research work, document in, document out.
#include <aisci/plugin/agent.hpp>
#include <aisci/plugin/json.hpp>

using namespace aisci::plugin;

class @CLASS@ final : public Agent {
 public:
  std::vector<std::string> tasks() override { return {"@NAME@.count"}; }

  std::string act(std::string_view task, std::string_view input, Call& call) override {
    if (task != "@NAME@.count") throw Error{Code::kUnimplemented, "no task " + std::string{task}};
    if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped"};
    // call.model_task(task, input, messages, schema) asks the configured model.
    json::Value output;
    output.set("bytes", static_cast<double>(input.size()));
    return json::write(output);
  }
};
)src";

constexpr const char* kRetriever = R"src(// A retriever: finds papers.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/retriever.hpp>

using namespace aisci::plugin;

class @CLASS@ final : public Retriever {
 public:
  // Up to k records, the best first. Called from several threads at once.
  void search(std::string_view query, std::uint32_t k, Sink& records, Call&) override {
    if (k > 0 && !query.empty()) records.write(record());
  }
  void fetch(std::string_view id, Sink& found, Call&) override {
    if (id != "shannon1948") throw Error{Code::kNotFound, "no record " + std::string{id}};
    found.write(record());
  }

 private:
  static std::string record() {
    json::Value paper;
    paper.set("key", "shannon1948").set("title", "A Mathematical Theory of Communication").set("year", 1948.0);
    return json::write(paper);
  }
};
)src";

constexpr const char* kWriter =
    R"src(// A writer: turns the paper model into sources of a document, and says how to build it.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/writer.hpp>

using namespace aisci::plugin;

class @CLASS@ final : public Writer {
 public:
  // The same paper gives the same bytes.
  void render(std::string_view paper, std::string_view, Sink& files, Call&) override {
    json::Value file;
    file.set("file", "paper.txt").set("text", json::parse(paper)["title"].text());
    files.write(json::write(file));
    files.write(R"({"build":{"steps":[],"environment":{},"output":"paper.txt","log":""}})");
}
std::string check(std::string_view paper, Call&) override {
  return json::parse(paper)["title"].text().empty() ? R"({"problems":[{"place":"title","text":"there is none"}]})"
                                                    : R"({"problems":[]})";
}
};
)src";

constexpr const char* kProvider =
    R"src(// A provider: answers requests to a model. It makes one attempt; retrying, caching and budgets are the host's.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/llm_provider.hpp>

using namespace aisci::plugin;

class @CLASS@ final : public LLMProvider {
 public:
  // Called from several threads at once.
  void complete(std::string_view request, Sink* deltas, Sink& response, Call& call) override {
    const std::string task{json::parse(request)["task"].text()};
    if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped"};
    const std::string text = R"({"echo":")" + task + R"("})";
json::Value delta;
if (deltas) deltas->write(json::write(delta.set("text", text)));
call.report("usage", R"({"input_tokens":1,"output_tokens":1})");
json::Value answer;
response.write(json::write(answer.set("text", text).set("model", "@NAME@").set("finish", "stop")));
}
std::vector<std::string> models(Call&) override { return {R"({"id":"@NAME@","context_tokens":8192})"}; }
}
;
)src";

constexpr const char* kSandbox =
    R"src(// A sandbox: runs programs that nobody has read. This one isolates NOTHING: it is where to begin.
#include <aisci/plugin/json.hpp>
#include <aisci/plugin/sandbox.hpp>

#include <chrono>
#include <csignal>
#include <fstream>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace aisci::plugin;

class @CLASS@ final : public Sandbox {
 public:
  class Session final : public SandboxSession {
   public:
    // Files of the host are shown where they are; a session of its own folder would copy them.
    void put(std::string_view, Source&, Call&) override { throw Error{Code::kUnimplemented, "no files of its own"}; }
    void get(std::string_view path, Sink&, Call&) override { throw Error{Code::kNotFound, std::string{path}}; }

    std::string start(std::string_view spec, std::string_view run_id, Call&) override {
      const json::Value given = json::parse(spec);
      std::vector<std::string> argv;
      for (const json::Value& word : given["argv"].items()) argv.emplace_back(word.text());
      if (argv.empty()) throw Error{Code::kInvalidArgument, "argv is empty"};
      std::vector<char*> words;
      for (std::string& word : argv) words.push_back(word.data());
      words.push_back(nullptr);
      Run run;
      run.folder = std::string{given["results"].text()};
      const std::string out = run.folder + "/.out", err = run.folder + "/.err";
      run.pid = ::fork();
      if (run.pid < 0) throw Error{Code::kResourceExhausted, "no process"};
      if (run.pid == 0) {
        ::setpgid(0, 0);
        ::dup2(::open(out.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600), 1);
        ::dup2(::open(err.c_str(), O_CREAT | O_WRONLY | O_TRUNC, 0600), 2);
        ::execvp(words[0], words.data());
        ::_exit(127);
      }
      const std::lock_guard lock{mutex_};
      runs_[std::string{run_id}] = run;
      return std::string{run_id};
    }

    Exit wait(std::string_view token, Sink* output, Sink* errors, Sink*, Call& call) override {
      Run run = find(token);
      int how = 0;
      while (::waitpid(run.pid, &how, WNOHANG) == 0) {
        if (call.is_cancelled()) throw Error{Code::kCancelled, "stopped waiting; the run goes on"};
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
      }
      if (output) output->write(read(run.folder + "/.out"));
      if (errors) errors->write(read(run.folder + "/.err"));
      Exit exit;
      exit.code = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
      exit.signal = WIFSIGNALED(how) ? WTERMSIG(how) : 0;
      exit.flags = find(token).killed ? AISCI_EXIT_KILLED : 0u;
      return exit;
    }

    void kill(std::string_view token, std::int64_t, Call&) override {
      const pid_t pid = find(token).pid;
      const std::lock_guard lock{mutex_};
      runs_[std::string{token}].killed = true;
      ::kill(-pid, SIGKILL);
      ::kill(pid, SIGKILL);
    }

   private:
    struct Run {
      pid_t pid = -1;
      std::string folder;
      bool killed = false;
    };
    Run find(std::string_view token) {
      const std::lock_guard lock{mutex_};
      const auto found = runs_.find(std::string{token});
      if (found == runs_.end()) throw Error{Code::kNotFound, "no such run"};
      return found->second;
    }
    static std::string read(const std::string& path) {
      std::ostringstream text;
      text << std::ifstream{path}.rdbuf();
      return text.str();
    }

    std::mutex mutex_;
    std::map<std::string, Run> runs_;
  };

  std::unique_ptr<SandboxSession> open(std::string_view, Call&) override { return std::make_unique<Session>(); }
};
)src";

const Project kProjects[] = {
    {"value_function", "AISCI_VALUE_FUNCTION", "aisci run \"QUESTION\" -o DIR --plugins FOLDER --value-function @NAME@",
     kValueFunction},
    {"agent", "AISCI_AGENT", "aisci plugin list --plugins FOLDER", kAgent},
    {"sandbox", "AISCI_SANDBOX", "aisci run \"QUESTION\" -o DIR --plugins FOLDER --sandbox @NAME@", kSandbox},
    {"llm_provider", "AISCI_LLM_PROVIDER", "aisci run \"QUESTION\" -o DIR --plugins FOLDER --llm @NAME@", kProvider},
    {"retriever", "AISCI_RETRIEVER", "aisci plugin list --plugins FOLDER", kRetriever},
    {"writer", "AISCI_WRITER", "aisci plugin list --plugins FOLDER", kWriter},
};

constexpr const char* kCMake = R"src(cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
find_package(aisci REQUIRED COMPONENTS plugin_sdk)
include(AisciPlugin)
aisci_add_plugin(@NAME@ @NAME@.cpp)

# The rules that every component of its kind keeps; your own tests go beside it.
enable_testing()
find_program(AISCI aisci HINTS ${aisci_DIR}/../../../bin REQUIRED)
add_test(NAME keeps_the_rules COMMAND ${AISCI} plugin check $<TARGET_FILE:aisci_plugin_@NAME@>)
)src";

constexpr const char* kReadme = R"src(# @NAME@

A plugin of aisci: one component of kind @KIND@.

```sh
cmake -B build -DCMAKE_PREFIX_PATH=PREFIX && cmake --build build && ctest --test-dir build
@USE@
```
FOLDER is `build/lib/aisci/plugins/abi1`, or wherever you install to.
)src";

std::string filled(std::string text, const std::vector<std::pair<std::string, std::string>>& words) {
  for (const auto& [from, to] : words)
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  return text;
}

// snake_case to PascalCase.
std::string class_name(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c != '_') out += upper && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    upper = c == '_';
  }
  return out;
}

bool is_name(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  return !name.empty() && name.size() <= 64 && letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9') || c == '_'; });
}

}  // namespace

Result<std::vector<std::string>> write_plugin_project(const std::string& name, const std::string& kind,
                                                      const std::string& folder) {
  if (!is_name(name))
    return invalid_argument("\"" + name + "\" is no name for a plugin: a letter, then letters, digits and '_'");
  const auto* const project =
      std::find_if(std::begin(kProjects), std::end(kProjects), [&](const Project& each) { return kind == each.kind; });
  if (project == std::end(kProjects))
    return invalid_argument("there is no kind \"" + kind +
                            "\"; there are value_function, agent, sandbox, llm_provider, retriever and writer");
  std::error_code error;
  if (std::filesystem::exists(folder, error) && !std::filesystem::is_empty(folder, error))
    return already_exists(folder + " is not empty");
  std::filesystem::create_directories(folder, error);

  const std::string use = filled(project->use, {{"@NAME@", name}});
  const std::vector<std::pair<std::string, std::string>> words{
      {"@NAME@", name}, {"@CLASS@", class_name(name) + "Component"}, {"@KIND@", kind}, {"@USE@", use}};
  const std::string last =
      "\nAISCI_PLUGIN(\"org.example.@NAME@\", \"0.1.0\", " + std::string{project->macro} + "(\"@NAME@\", @CLASS@))\n";
  std::vector<std::string> files;
  for (const auto& [file, text] : {std::pair{name + ".cpp", project->source + last},
                                   {std::string{"CMakeLists.txt"}, std::string{kCMake}},
                                   {std::string{"README.md"}, std::string{kReadme}}}) {
    const std::filesystem::path path = std::filesystem::path{folder} / file;
    std::ofstream out{path};
    out << filled(text, words);
    out.close();
    if (!out) return data_loss("writing " + path.string() + " failed");
    files.push_back(path.string());
  }
  return files;
}

}  // namespace aisci::cli
