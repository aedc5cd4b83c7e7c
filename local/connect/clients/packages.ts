import { join } from 'node:path';
import {
  type ApiName,
  type Client,
  type Connection,
  keyFile,
  keyVariable,
  ownVariable,
  type Snippet,
  withoutVersion,
} from './client.ts';

interface Package {
  name: string;
  title: string;
  apis: Client['apis'];
  verified: string;
  keyVariable?: string;
  code(connection: Connection): Snippet[];
  notes?: string[];
}

/** A package that programs are written with: lines of code, and the key in `.env` or the environment. */
function packaged({ code, notes = [], keyVariable: name = ownVariable, ...client }: Package): Client {
  return {
    ...client,
    start: 'your program',
    keyVariable: name,
    keyMayStayOut: true,
    need: (connection, key, { folder }) => ({
      files: keyFile(join(folder, '.env'), key, name),
      variables: keyVariable(key, name),
      code: code(connection),
      notes: [...notes, '--write puts the key into .env of this folder; keep that out of git.'],
    }),
  };
}

const js = (text: string): Snippet => ({ language: 'js', text });
const py = (text: string): Snippet => ({ language: 'py', text });
const text = (value: string) => JSON.stringify(value);
const env = { js: `process.env.${ownVariable}`, py: `os.environ["${ownVariable}"]` };

const openAiCalls: Readonly<Record<'js' | 'py', Partial<Record<ApiName, (model: string) => string>>>> = {
  js: {
    chat: (model) =>
      `await client.chat.completions.create({ model: ${model}, messages: [{ role: 'user', content: 'Hello' }] });`,
    responses: (model) => `await client.responses.create({ model: ${model}, input: 'Hello', store: false });`,
  },
  py: {
    chat: (model) =>
      `client.chat.completions.create(model=${model}, messages=[{"role": "user", "content": "Hello"}])`,
    responses: (model) => `client.responses.create(model=${model}, input="Hello", store=False)`,
  },
};

export const openAi = packaged({
  name: 'openai',
  title: '`openai` (JavaScript, Python)',
  apis: ['chat', 'responses'],
  verified: 'openai 7.59.0 (npm), 3.57.0 (PyPI)',
  code: ({ api, baseUrl, model }) => [
    js(
      `import OpenAI from 'openai';\nconst client = new OpenAI({ baseURL: ${text(baseUrl)}, apiKey: ${env.js} });\n${openAiCalls.js[api]?.(text(model))}`,
    ),
    py(
      `import os\nfrom openai import OpenAI\nclient = OpenAI(base_url=${text(baseUrl)}, api_key=${env.py})\n${openAiCalls.py[api]?.(text(model))}`,
    ),
  ],
  notes: ['Instead of arguments it also reads OPENAI_BASE_URL and OPENAI_API_KEY.'],
});

export const anthropic = packaged({
  name: 'anthropic',
  title: '`@anthropic-ai/sdk`, `anthropic` (JavaScript, Python)',
  apis: ['messages'],
  verified: '@anthropic-ai/sdk 1.14.0, anthropic 2.14.0 (PyPI)',
  code: ({ baseUrl, model }) => [
    js(
      `import Anthropic from '@anthropic-ai/sdk';\nconst client = new Anthropic({ baseURL: ${text(withoutVersion(baseUrl))}, apiKey: ${env.js} });\nawait client.messages.create({ model: ${text(model)}, max_tokens: 1024, messages: [{ role: 'user', content: 'Hello' }] });`,
    ),
    py(
      `import os\nfrom anthropic import Anthropic\nclient = Anthropic(base_url=${text(withoutVersion(baseUrl))}, api_key=${env.py})\nclient.messages.create(model=${text(model)}, max_tokens=1024, messages=[{"role": "user", "content": "Hello"}])`,
    ),
  ],
  notes: ['Instead of arguments it also reads ANTHROPIC_BASE_URL and ANTHROPIC_API_KEY.'],
});

export const langChainPy = packaged({
  name: 'langchain-py',
  title: 'LangChain (Python)',
  apis: ['chat', 'responses', 'messages'],
  verified: 'langchain-openai 1.7.4',
  code: ({ api, baseUrl, model }) => [
    api === 'messages'
      ? py(
          `import os\nfrom langchain_anthropic import ChatAnthropic\nllm = ChatAnthropic(model=${text(model)}, base_url=${text(withoutVersion(baseUrl))}, api_key=${env.py})\nllm.invoke("Hello")`,
        )
      : py(
          `import os\nfrom langchain_openai import ChatOpenAI\nllm = ChatOpenAI(model=${text(model)}, base_url=${text(baseUrl)}, api_key=${env.py}${api === 'responses' ? ', use_responses_api=True' : ''})\nllm.invoke("Hello")`,
        ),
  ],
});

export const langChainJs = packaged({
  name: 'langchain-js',
  title: 'LangChain (JavaScript)',
  apis: ['chat', 'responses', 'messages'],
  verified: '@langchain/openai 1.6.0, @langchain/anthropic 1.5.11',
  code: ({ api, baseUrl, model }) => [
    api === 'messages'
      ? js(
          `import { ChatAnthropic } from '@langchain/anthropic';\nconst llm = new ChatAnthropic({ model: ${text(model)}, anthropicApiUrl: ${text(withoutVersion(baseUrl))}, apiKey: ${env.js} });\nawait llm.invoke('Hello');`,
        )
      : js(
          `import { ChatOpenAI } from '@langchain/openai';\nconst llm = new ChatOpenAI({ model: ${text(model)}, configuration: { baseURL: ${text(baseUrl)} }, apiKey: ${env.js}${api === 'responses' ? ', useResponsesApi: true' : ''} });\nawait llm.invoke('Hello');`,
        ),
  ],
});

const aiSdkProviders: Readonly<Record<ApiName, (baseUrl: string) => string>> = {
  chat: (baseUrl) =>
    `import { createOpenAICompatible } from '@ai-sdk/openai-compatible';\n// Without the last two it asks for neither usage nor schemas.\nconst bedrock = createOpenAICompatible({\n  name: 'bedrock', baseURL: ${text(baseUrl)}, apiKey: ${env.js}, includeUsage: true, supportsStructuredOutputs: true,\n});`,
  responses: (baseUrl) =>
    `import { createOpenAI } from '@ai-sdk/openai';\n// Its calls want providerOptions: { openai: { store: false } }.\nconst bedrock = createOpenAI({ baseURL: ${text(baseUrl)}, apiKey: ${env.js} });`,
  messages: (baseUrl) =>
    `import { createAnthropic } from '@ai-sdk/anthropic';\nconst bedrock = createAnthropic({ baseURL: ${text(baseUrl)}, apiKey: ${env.js} });`,
};

export const aiSdk = packaged({
  name: 'ai-sdk',
  title: 'AI SDK',
  apis: ['chat', 'responses', 'messages'],
  verified: 'ai 7.0.173, @ai-sdk/openai 4.0.118, @ai-sdk/anthropic 4.0.105',
  code: ({ api, baseUrl, model }) => [
    js(
      `import { generateText } from 'ai';\n${aiSdkProviders[api](baseUrl)}\nawait generateText({ model: bedrock(${text(model)}), prompt: 'Hello'${api === 'responses' ? ', providerOptions: { openai: { store: false } }' : ''} });`,
    ),
  ],
});
