module example.com/answers

go 1.24.0

require (
	github.com/sashabaranov/go-openai v1.36.1
	golang.org/x/sync v0.10.0
)
