"""What a program with OpenAI's Python SDK does on Responses. Prints one JSON object; OPENAI_BASE_URL, OPENAI_API_KEY."""

import json
import sys

import openai
from pydantic import BaseModel

model = sys.argv[1]
client = openai.OpenAI(max_retries=0, timeout=30)
reasoning = {"effort": "low", "summary": "auto"}
prompt = '[[call:weather {"city":"Paris"}]] [[call:weather {"city":"Atlantis"}]] The weather, please.'
weather = {
    "type": "function",
    "name": "weather",
    "description": "The weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


class Weather(BaseModel):
    city: str
    degrees: float


def output_of(arguments: str) -> str:
    city = json.loads(arguments)["city"]
    return "Error: there is no such city." if city == "Atlantis" else f"Sunny in {city}."


def ask(stream: bool, **asking):
    if not stream:
        return client.responses.create(**asking)
    with client.responses.stream(**asking) as events:
        return events.get_final_response()


def run_tools(stream: bool) -> list[dict]:
    """Runs tools until the model calls none, and sends back every item as it came."""
    given = [{"role": "user", "content": prompt}]
    answers = []
    for _ in range(5):
        answer = ask(
            stream,
            model=model,
            input=given,
            tools=[weather],
            reasoning=reasoning,
            store=False,
            include=["reasoning.encrypted_content"],
        )
        answers.append(answer)
        calls = [item for item in answer.output if item.type == "function_call"]
        if not calls:
            break
        given += [item.to_dict() for item in answer.output]
        given += [
            {"type": "function_call_output", "call_id": call.call_id, "output": output_of(call.arguments)}
            for call in calls
        ]
    return [
        {"status": answer.status, "text": answer.output_text, "usage": answer.usage.to_dict()}
        for answer in answers
    ]


def parse() -> dict:
    answer = client.responses.parse(model=model, input="The weather in Paris.", text_format=Weather)
    return answer.output_parsed.model_dump()


def stream_text() -> dict:
    with client.responses.stream(model=model, input="[[say:One two three.]]", reasoning=reasoning) as events:
        deltas = [event.delta for event in events if event.type == "response.output_text.delta"]
        return {"deltas": "".join(deltas), "text": events.get_final_response().output_text}


print(
    json.dumps(
        {
            "version": openai.__version__,
            "whole": run_tools(stream=False),
            "streamed": run_tools(stream=True),
            "parsed": parse(),
            "text": stream_text(),
        }
    )
)
