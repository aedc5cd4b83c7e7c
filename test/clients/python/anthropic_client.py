"""What a program with Anthropic's Python SDK does. Prints one JSON object; ANTHROPIC_BASE_URL, ANTHROPIC_API_KEY."""

import json
import sys

import anthropic
from anthropic import beta_tool

model, thinking = sys.argv[1], json.loads(sys.argv[2])
client = anthropic.Anthropic(max_retries=0, timeout=30)


@beta_tool
def weather(city: str) -> str:
    """The weather of a city.

    Args:
        city: Its name.
    """
    if city == "Atlantis":
        raise ValueError("There is no such city.")
    return f"Sunny in {city}."


def run_tools(stream: bool) -> list[dict]:
    runner = client.beta.messages.tool_runner(
        model=model,
        max_tokens=4096,
        thinking=thinking,
        tools=[weather],
        messages=[
            {
                "role": "user",
                "content": '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather.',
            }
        ],
        stream=stream,
    )
    answers = [turn.get_final_message() if stream else turn for turn in runner]
    return [answer.to_dict() for answer in answers]


def stream_text() -> dict:
    with client.messages.stream(
        model=model,
        max_tokens=4096,
        thinking=thinking,
        messages=[{"role": "user", "content": "[[say:One two three.]]"}],
    ) as stream:
        text = "".join(stream.text_stream)
        return {"text": text, "message": stream.get_final_message().to_dict()}


def count(text: str) -> int:
    return client.messages.count_tokens(
        model=model, messages=[{"role": "user", "content": text}]
    ).input_tokens


print(
    json.dumps(
        {
            "version": anthropic.__version__,
            "whole": run_tools(stream=False),
            "streamed": run_tools(stream=True),
            "stream": stream_text(),
            "counts": [count("Hello"), count("Hello " * 1000)],
        }
    )
)
