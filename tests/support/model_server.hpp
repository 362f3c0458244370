// A scripted model server (model_server.py) for the length of a test.
//
//   testing::ModelServer server;
//   server.tell(R"({"script": [{"fault": "status", "status": 429}]})");
//   provider talks to server.url();
//   server.requests();                 // what came since the last time
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "base/json.hpp"

namespace aisci::testing {

class ModelServer {
 public:
  ModelServer() {
    int in[2], out[2];
    if (::pipe(in) != 0 || ::pipe(out) != 0) std::abort();
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      for (const int descriptor : {in[0], in[1], out[0], out[1]}) ::close(descriptor);
      ::execl("/usr/bin/python3", "python3", AISCI_SOURCE_DIR "/tests/support/model_server.py", nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    commands_ = ::fdopen(in[1], "w");
    answers_ = ::fdopen(out[0], "r");
    port_ = integer_of(read(), "port");
    EXPECT_GT(port_, 0);
  }
  ModelServer(const ModelServer&) = delete;
  ModelServer& operator=(const ModelServer&) = delete;
  ~ModelServer() {
    std::fclose(commands_);  // it serves until then
    std::fclose(answers_);
    ::waitpid(child_, nullptr, 0);
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  json::object tell(const std::string& command) {
    std::fprintf(commands_, "%s\n", command.c_str());
    std::fflush(commands_);
    return read();
  }
  json::array requests() { return array_of(tell(R"({"requests": true})"), "requests"); }

 private:
  json::object read() {
    std::string line;
    for (int c; (c = std::fgetc(answers_)) != EOF && c != '\n';) line += static_cast<char>(c);
    const auto parsed = parse_json_object(line, "the model server's answer");
    EXPECT_TRUE(parsed.ok()) << line;
    return parsed.ok() ? *parsed : json::object{};
  }

  int child_ = -1;
  std::int64_t port_ = 0;
  std::FILE* commands_ = nullptr;
  std::FILE* answers_ = nullptr;
};

}  // namespace aisci::testing
