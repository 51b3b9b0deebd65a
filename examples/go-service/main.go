// Answers serves short answers of a small local model over HTTP.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	openai "github.com/sashabaranov/go-openai"
	"golang.org/x/sync/semaphore"
)

func main() {
	config := openai.DefaultConfig("")
	config.BaseURL = os.Getenv("LLAMA_SERVER") // llama-server -m models/tiny-Q8_0.gguf
	client := openai.NewClientWithConfig(config)
	slots := semaphore.NewWeighted(4)
	http.HandleFunc("POST /answer", func(w http.ResponseWriter, r *http.Request) {
		if err := slots.Acquire(r.Context(), 1); err != nil {
			return
		}
		defer slots.Release(1)
		answer(r.Context(), client, w, r.FormValue("question"))
	})
	log.Fatal(http.ListenAndServe("127.0.0.1:8080", nil))
}

func answer(ctx context.Context, client *openai.Client, w http.ResponseWriter, question string) {
	reply, err := client.CreateChatCompletion(ctx, openai.ChatCompletionRequest{
		Model:    "tiny",
		Messages: []openai.ChatCompletionMessage{{Role: openai.ChatMessageRoleUser, Content: question}},
	})
	if err != nil || len(reply.Choices) == 0 {
		http.Error(w, "the model gave no answer", http.StatusBadGateway)
		return
	}
	_, _ = w.Write([]byte(reply.Choices[0].Message.Content))
}
