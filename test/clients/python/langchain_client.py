"""What a program with LangChain does on Responses. Prints one JSON object; OPENAI_BASE_URL, OPENAI_API_KEY."""

import json
import sys
from importlib.metadata import version

from langchain_core.messages import HumanMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

model = sys.argv[1]


class Weather(BaseModel):
    """The weather of a city."""

    city: str
    degrees: float


@tool
def weather(city: str) -> str:
    """The weather of a city."""
    return f"Sunny in {city}."


def open_chat(streaming: bool) -> ChatOpenAI:
    return ChatOpenAI(
        model=model,
        use_responses_api=True,
        reasoning={"effort": "low", "summary": "auto"},
        streaming=streaming,
        max_retries=0,
    )


def talk(streaming: bool) -> dict:
    """Two turns: a tool, then another message of the user's."""
    chat = open_chat(streaming).bind_tools([weather])
    messages = [HumanMessage('[[call:weather {"city":"Paris"}]] The weather, please.')]
    called = chat.invoke(messages)
    [call] = called.tool_calls
    messages += [called, ToolMessage(weather.invoke(call["args"]), tool_call_id=call["id"])]
    first = chat.invoke(messages)
    messages += [first, HumanMessage("[[say:Both.]] And now?")]
    second = chat.invoke(messages)
    usage = [answer.usage_metadata for answer in (called, first, second)]
    return {
        "first": first.text,
        "second": second.text,
        "usage": {
            "input_tokens": sum(each["input_tokens"] for each in usage),
            "output_tokens": sum(each["output_tokens"] for each in usage),
        },
    }


def shape() -> dict:
    chat = open_chat(streaming=False).with_structured_output(Weather)
    return chat.invoke("The weather in Paris.").model_dump()


print(
    json.dumps(
        {
            "version": version("langchain-openai"),
            "whole": talk(streaming=False),
            "streamed": talk(streaming=True),
            "shaped": shape(),
        }
    )
)
